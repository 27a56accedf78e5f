/** The pictures of the search: `npm run screenshots`. */

import { pictures } from "./gallery";

const TALK = [
  "Who looks after the relay this week?",
  "The relay reloads its table every five minutes. Notes: https://notes.example/relay",
  "And if the gap is over 500? Then it asks for the page.",
  "I put the **relay** numbers into the sheet; p99 is 12 ms now",
  "Nice. The old one took 80",
  "`relay --reload` does it at once",
  "Lunch at the café near the Straße?",
  "Yes, at one",
];

pictures("the search", ["--house-name", "Harbour"], async ({ at, phone, take }) => {
  const ada = await (await at()).comesIn("Ada Lovelace");
  const grace = await (await at()).comesIn("Grace Hopper");
  await grace.saysAll(TALK);
  await ada.seesStored("Yes, at one");
  await ada.page.getByRole("button", { name: "Search messages" }).click();
  const field = ada.page.getByRole("searchbox", { name: "Search messages" });
  await field.waitFor();
  await take(ada, "search-empty");
  await field.fill("relo");
  await ada.page.locator(".hit").nth(1).waitFor();
  await take(ada, "search");
  if (!phone) {
    await ada.page.keyboard.press("Enter");
    await ada.page.locator(".timeline-row.target").waitFor();
    await take(ada, "search-shown");
  }
  await field.fill("nowhere");
  await ada.page.getByText("Nothing found").waitFor();
  await take(ada, "search-nothing");
});
