/** The words of the search; those of its buttons are with the others. */

const rules = new Intl.PluralRules("en");

export const search = {
  where: "Where to look",
  here: "This room",
  everywhere: "All rooms",
  order: "Which come first",
  newest: "Newest",
  best: "Best",
  operators: "Add to the search",
  /** What each puts into the field, with what it means. */
  adds: [
    ["from:", "said by somebody, or by me"],
    ["in:", "said in a room"],
    ["before:", "said before a day, such as 2026-11-05"],
    ["after:", "said after a day"],
    ["has:link", "with a link"],
    ["has:code", "with code"],
    ["has:file", "with a file"],
    ["has:image", "with a picture"],
    ["is:thread", "in a thread"],
    ["is:saved", "saved by me"],
  ],
  hint: "Parts of words are found too. “Words in quotation marks” stand together, a minus leaves out.",
  results: "Results",
  found: (n: number, more: boolean) =>
    `${n.toLocaleString("en")}${more ? " or more" : ""} ${rules.select(n) === "one" && !more ? "result" : "results"}`,
  looking: "Looking…",
  nothing: (typed: string, room: string | null) =>
    room === null ? `Nothing found for “${typed}”.` : `Nothing found for “${typed}” in ${room}.`,
  lookEverywhere: "Search all rooms",
  noAnswer: "Search did not answer.",
  tryAgain: "Try again",
  more: "Older results",
  behind: "Older messages are still being taken into the search. There may be more in a moment.",
  whereSaid: (room: string) => `in ${room}`,
} as const;
