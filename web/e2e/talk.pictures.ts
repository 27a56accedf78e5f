/** The pictures of the conversation: `npm run screenshots`. */

import { pictures } from "./gallery";
import type { Person } from "./people";

const FIRST = "Moved the broadcast loop to a per-room task. One slow reader no longer stalls the others.";

/** Says something where a finger's Enter begins a line. */
async function says(who: Person, text: string): Promise<void> {
  await who.box.fill(text);
  await who.box.press("Control+Enter");
  await who.seesStored(text);
}

async function reacts(who: Person, text: string, name: string): Promise<void> {
  await who.row(text).focus();
  await who.page.keyboard.press("+");
  await who.page.getByRole("searchbox", { name: "Search emoji" }).fill(name);
  await who.page.keyboard.press("Enter");
  await who.row(text).locator(".reaction").first().waitFor();
}

async function answersAside(who: Person, text: string, ...replies: string[]): Promise<void> {
  await who.row(text).focus();
  await who.page.keyboard.press("r");
  const box = who.page.getByRole("textbox", { name: "Reply in the thread" });
  for (const reply of replies) {
    await box.fill(reply);
    await box.press("Enter");
    await who.page.getByRole("complementary").getByText(reply, { exact: true }).waitFor();
  }
  await who.presses("Close the thread");
}

pictures("the conversation", ["--house-name", "Harbour"], async ({ house, at, take }) => {
  // Who is not photographed sits at a desk.
  const grace = await (await at("/", {})).comesIn("Grace Hopper");
  const alan = await (await at("/", {})).comesIn("Alan Turing");
  const ada = await (await at()).comesIn("Ada Lovelace");
  await says(grace, FIRST);
  await says(grace, "See https://example.org/docs for more.");
  await says(ada, "Writing it up now.");
  await reacts(grace, FIRST, "clap");
  await reacts(alan, FIRST, "clap");
  await answersAside(alan, FIRST, "And if the gap is over 500?");
  await answersAside(grace, FIRST, "Then it shows a gap row and loads on demand.");
  await grace.row("Writing it up now.").focus();
  await grace.page.keyboard.press("q");
  await says(grace, "Thank you.");
  await says(grace, "Later @Ada Lovelace can look at the scroll position.");

  await ada.row("Writing it up now.").focus();
  await ada.page.keyboard.press("e");
  const editor = ada.page.getByRole("textbox", { name: "Edit the message" });
  await editor.fill("Writing it up now, in docs/protocol.md.");
  await take(ada, "editing");
  await ada.page.keyboard.press("Enter");
  await ada.page.getByRole("button", { name: /^Edited at/ }).waitFor();
  await take(ada, "conversation");
  await ada.row(FIRST).locator(".thread-stub").click();
  await ada.page.getByRole("complementary", { name: "Thread" }).getByText("And if the gap").waitFor();
  await take(ada, "thread");
  await ada.presses("Follow");
  await ada.page.getByRole("button", { name: "Following" }).waitFor();
  await ada.presses("Close the thread");
  await ada.row(FIRST).focus();
  await ada.page.keyboard.press("m");
  await ada.page.getByRole("menuitem").first().waitFor();
  await take(ada, "message-menu");
  await ada.page.keyboard.press("Escape");
  await ada.presses("Emoji");
  await ada.page.getByRole("grid", { name: "Smileys" }).waitFor();
  await take(ada, "emoji");
  await ada.page.keyboard.press("Escape");
  await ada.box.fill("");
  await ada.box.pressSequentially("@gr");
  await ada.page.getByRole("option").first().waitFor();
  await take(ada, "offered-names");
  await ada.box.fill("");
  await ada.page.keyboard.press("Control+k");
  await ada.page.getByRole("combobox", { name: "Jump to a room or a person" }).pressSequentially("a");
  await ada.page.getByRole("option").first().waitFor();
  await take(ada, "switcher");
  await ada.page.keyboard.press("Escape");
  await ada.page.keyboard.press("Control+/");
  await ada.page.getByRole("dialog", { name: "Shortcuts" }).waitFor();
  await take(ada, "shortcuts");
  await ada.page.goto(`${house.url}/people`);
  await says(grace, "And one more thing, @Ada Lovelace.");
  for (const page of ["catch-up", "threads"]) {
    await ada.page.goto(`${house.url}/${page}`);
    await ada.page.locator(".item-words").first().waitFor();
    await take(ada, page);
  }
  await ada.page.goto(`${house.url}/me/writing`);
  await ada.page.locator(".pages-content > *").first().waitFor();
  await take(ada, "me-writing");
});
