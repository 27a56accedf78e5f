/** The words of the emoji picker. */

export const emoji = {
  title: "Choose an emoji",
  search: "Search emoji",
  none: (text: string) => `No emoji is called “${text}”.`,
  recent: "Last used",
  groups: {
    0: "Smileys",
    1: "People",
    3: "Animals and nature",
    4: "Food and drink",
    5: "Travel and places",
    6: "Activities",
    7: "Objects",
    8: "Signs",
    9: "Flags",
  } as Readonly<Record<number, string>>,
  tone: "Skin tone",
  tones: ["None", "Light", "Medium light", "Medium", "Medium dark", "Dark"],
  found: (n: number) => (n === 1 ? "1 emoji" : `${n} emoji`),
} as const;
