/** The pictures of link cards. `npm run screenshots`. */

import { pictures } from "./gallery";
import { Site } from "./site";

const site = await Site.start();

pictures("cards", ["--house-name", "Harbour", "--link-cards", "on", "--card-hosts", site.at], async ({ at, take }) => {
  const grace = await (await at("/", { width: 1280, height: 800 })).comesIn("Grace Hopper");
  const ada = await (await at()).comesIn("Ada Lovelace");
  await grace.says(`Have you read ${site.link("/tea")} this morning?`);
  await grace.says(`The timetable is at ${site.link("/times")}`);
  if (await ada.page.getByRole("link", { name: "lobby" }).isVisible()) await ada.goesTo("lobby");
  await ada.page.getByRole("link", { name: /^The page \/times/ }).waitFor();
  await ada.page.waitForFunction(
    () => (document.querySelector<HTMLImageElement>(".link-card img")?.naturalWidth ?? 0) > 0,
  );
  await take(ada, "cards");
});
