/** The pictures of docs/screenshots, taken of the real thing: four people in one house, in light, dark and narrow. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { House } from "./house";
import { openBrowser, Person } from "./people";

const FOLDER = join(process.cwd(), "../docs/screenshots");
const LOOKS = {
  light: { width: 1280, height: 800 },
  dark: { width: 1280, height: 800, dark: true },
  phone: { width: 390, height: 844, touch: true },
} as const;
type Look = keyof typeof LOOKS;

const TALK: readonly (readonly [string, string])[] = [
  ["Grace Hopper", "Moved the broadcast loop to one turn per room. One slow reader no longer stalls the others."],
  ["Grace Hopper", "The numbers are in https://example.org/notes/fan-out if you want to look."],
  ["Alan Turing", "Replay on reconnect works: the client sends its last seq, the server answers with what it missed."],
  ["Alan Turing", "Then it goes on live, and there is no seam between the two."],
  ["Radia Perlman", "Load test: 4,000 sockets, nobody waited for anybody. 🎉"],
  ["Ada Lovelace", "日本語も、العربية, ελληνικά too?"],
  ["Radia Perlman", "Yes. All of it, and nothing moves while you read."],
  ["Grace Hopper", "And if somebody pulls the plug?"],
  ["Alan Turing", "Then what was acknowledged is on the disk. That is what acknowledged means."],
];
const LATER: readonly (readonly [string, string])[] = [
  ["Grace Hopper", "I pulled the plug fifty times this morning."],
  ["Grace Hopper", "Nothing missing, nothing twice."],
  ["Radia Perlman", "Good. Lunch?"],
];

const house = new House("--house-name", "Harbour", "--rate-limits", "off");
let browser: Browser;
const people = new Map<string, Person>();

function who(name: string): Person {
  const person = people.get(name);
  if (person === undefined) throw new Error(`${name} is not in the house`);
  return person;
}

async function say(lines: readonly (readonly [string, string])[]): Promise<void> {
  for (const [name, text] of lines) {
    await who(name).says(text);
    await who(name).sees(text);
  }
}

/** A look at the house through the eyes of Ada, with her own session. */
async function ada(look: Look, path: string): Promise<Person> {
  const cookies = await who("Ada Lovelace").context.cookies();
  const person = await Person.at(browser, house, LOOKS[look], "/robots.txt");
  await person.context.addCookies(cookies);
  await person.page.goto(house.url + path);
  return person;
}

async function picture(person: Person, name: string): Promise<void> {
  await person.page.evaluate(() => document.fonts.ready);
  await person.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: "disabled", caret: "hide" });
}

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  await house.start();
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await house.tearDown();
});

test("pictures", async () => {
  for (const name of ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Radia Perlman"]) {
    people.set(name, await (await Person.at(browser, house)).comesIn(name));
  }
  const roomOf = async () => new URL(who("Ada Lovelace").page.url()).pathname;
  await who("Ada Lovelace").makesRoom("engineering");
  const engineering = await roomOf();
  for (const name of ["Grace Hopper", "Alan Turing", "Radia Perlman"]) await who(name).joins("engineering");
  await say(TALK);
  await who("Grace Hopper").makesRoom("design");
  await who("Grace Hopper").says("Sketches for the first page are up.");
  await who("Ada Lovelace").joins("design");
  await who("Ada Lovelace").makesRoom("releases");
  await who("Ada Lovelace").box.fill("Version 0.1 is");
  await who("Ada Lovelace").goesTo("lobby");
  await who("Grace Hopper").says("The second sketch is the calm one.");
  await who("Grace Hopper").goesTo("engineering");
  await who("Alan Turing").goesTo("lobby");
  await who("Alan Turing").says("Good morning, everyone.");
  await who("Ada Lovelace").says("Good morning! The kettle is on.");
  await who("Ada Lovelace").sees("Good morning! The kettle is on.");
  await who("Alan Turing").goesTo("engineering");
  await say(LATER);

  for (const look of Object.keys(LOOKS) as Look[]) {
    const stranger = await Person.at(browser, house, LOOKS[look]);
    await stranger.page.getByLabel("Your name").waitFor();
    await picture(stranger, `first-visit-${look}`);
    await stranger.page.getByLabel("Your name").fill("Ada Lovelace");
    await stranger.page.keyboard.press("Enter");
    await stranger.page.getByRole("alert").waitFor();
    await picture(stranger, `name-taken-${look}`);
    await stranger.leaves();

    const reader = await ada(look, engineering);
    await reader.sees("Good. Lunch?");
    // Long enough that a notice is due whatever was said just before.
    await who("Grace Hopper").box.pressSequentially("Yes, in ten?", { delay: 300 });
    await reader.page.getByText("Grace Hopper is writing").waitFor();
    await picture(reader, `room-${look}`);
    await who("Grace Hopper").box.fill("");
    if (look !== "phone") {
      await reader.page
        .getByRole("button", { name: /people/i })
        .first()
        .click();
      await reader.page.locator(".panel").waitFor();
      await picture(reader, `people-${look}`);
    }
    await reader.page.goto(`${house.url}/rooms`);
    await reader.page.getByText("New room").waitFor();
    await picture(reader, `browse-${look}`);
    await reader.page.getByRole("button", { name: "New room" }).click();
    await picture(reader, `new-room-${look}`);
    await reader.page.goto(`${house.url}/`);
    if (look === "phone") await picture(reader, "list-phone");
    await reader.page.goto(`${house.url}/r/1`);
    await reader.sees("Good morning! The kettle is on.");
    await picture(reader, `lobby-${look}`);
    await reader.leaves();
    // What was read is unread again for the next look.
    await who("Grace Hopper").says(`A ${look} thought.`);
  }

  for (const look of Object.keys(LOOKS) as Look[]) {
    const reader = await ada(look, engineering);
    await reader.sees("Good. Lunch?");
    await house.stop();
    await reader.box.fill("This is written while the house is away.");
    // On a phone Enter is a new line.
    await reader.page.getByRole("button", { name: "Send" }).click();
    await reader.page.getByText("Reconnecting").waitFor();
    await reader.page.getByRole("img", { name: "Waiting to send" }).waitFor();
    await picture(reader, `reconnecting-${look}`);
    await house.start();
    await reader.page.getByText("Reconnecting").waitFor({ state: "hidden" });
    await reader.leaves();
  }
});
