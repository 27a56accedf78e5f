/** The pictures of files: attached, failed, in a timeline, read, and in front of everything. `npm run screenshots`. */

import { areWhole, attaches, picture } from "./attached";
import { pictures } from "./gallery";

const NOTES = 'fn main() {\n    println!("the tide is {} m", 1.2);\n}\n';

pictures("files", ["--house-name", "Harbour"], async ({ at, take }) => {
  const grace = await (await at("/", { width: 1280, height: 800 })).comesIn("Grace Hopper");
  const ada = await (await at()).comesIn("Ada Lovelace");
  await attaches(grace, picture("harbour.png", 1_200, 800, 90), picture("chart.png", 900, 700, 200));
  await areWhole(grace, 2);
  await grace.box.fill("Two of the charts, before anyone asks.");
  await grace.box.press("Enter");
  await attaches(
    grace,
    { name: "tide.rs", mimeType: "text/plain", buffer: Buffer.from(NOTES) },
    {
      name: "Tide tables for the whole of next year, second proof.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.from("%PDF-1.7\n"),
    },
  );
  await areWhole(grace, 2);
  await grace.box.press("Enter");
  await attaches(grace, picture("alone.png", 1_600, 900, 60));
  await areWhole(grace, 1);
  await grace.box.fill("And the one from the boat.");
  await grace.box.press("Enter");
  if (await ada.page.getByRole("link", { name: "lobby" }).isVisible()) await ada.goesTo("lobby");
  await ada.page.getByRole("button", { name: "Show alone.png larger" }).waitFor();
  await ada.page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>(".file-picture img")].every((img) => img.naturalWidth > 0),
  );
  await take(ada, "files");
  await ada.page.getByRole("button", { name: "Show what tide.rs says" }).click();
  await ada.page.locator(".hljs-keyword, .file-text code").first().waitFor();
  await take(ada, "files-read");
  await attaches(
    ada,
    picture("map.png", 640, 480, 150),
    { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
    { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("buy milk") },
  );
  await areWhole(ada, 3);
  await ada.box.fill("The map, and what to buy.");
  await take(ada, "files-tray");
  await ada.page.getByRole("button", { name: "Show alone.png larger" }).click();
  await ada.page.waitForFunction(
    () => (document.querySelector<HTMLImageElement>(".lightbox img")?.naturalWidth ?? 0) > 0,
  );
  await take(ada, "files-lightbox");
});
