/** The pictures of docs/screenshots, taken of the real thing: four people in one house, in light, dark and narrow. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { House } from "./house";
import { EVERYTHING } from "./markup.texts";
import { openBrowser, Person } from "./people";

const FOLDER = join(process.cwd(), "../docs/screenshots");
const LOOKS = {
  light: { width: 1280, height: 800 },
  dark: { width: 1280, height: 800, dark: true },
  phone: { width: 390, height: 844, touch: true },
} as const;
type Look = keyof typeof LOOKS;

/** A line of talk, and the hour it is said at: of today, or of yesterday before midnight. */
type Line = readonly [hour: string, name: string, text: string];

const TALK: readonly Line[] = [
  [
    "-17:41",
    "Grace Hopper",
    "Moved the broadcast loop to one turn per room. One slow reader no longer stalls the others.",
  ],
  ["-17:42", "Grace Hopper", "The numbers are in https://example.org/notes/fan-out if you want to look."],
  [
    "09:31",
    "Alan Turing",
    "Replay on reconnect works: the client sends its last seq, the server answers with what it missed.",
  ],
  ["09:33", "Alan Turing", "Then it goes on live, and there is no seam between the two."],
  ["09:40", "Radia Perlman", "Load test: 4,000 sockets, nobody waited for anybody. 🎉"],
  ["09:41", "Ada Lovelace", "日本語も、العربية, ελληνικά too?"],
];
const LATER: readonly Line[] = [
  ["09:52", "Radia Perlman", "Yes. All of it, and nothing moves while you read."],
  ["09:55", "Grace Hopper", "And if somebody pulls the plug?"],
  ["09:55", "Alan Turing", "Then what was acknowledged is on the disk. That is what acknowledged means."],
  ["10:02", "Grace Hopper", "I pulled it fifty times this morning."],
  ["10:02", "Grace Hopper", "Nothing missing, nothing twice."],
  ["10:03", "Radia Perlman", "Good. Lunch?"],
];

const house = new House({ flags: ["--house-name", "Harbour", "--rate-limits", "off"], clock: true });
let browser: Browser;
const people = new Map<string, Person>();

function who(name: string): Person {
  const person = people.get(name);
  if (person === undefined) throw new Error(`${name} is not in the house`);
  return person;
}

async function say(lines: readonly Line[]): Promise<void> {
  for (const [hour, name, text] of lines) {
    house.setClock(moment(hour));
    await who(name).says(text);
    await who(name).seesStored(text);
  }
}

/** "-17:41" is yesterday's. */
function moment(hour: string): Date {
  const [hours, minutes] = hour.replace("-", "").split(":").map(Number);
  const day = new Date();
  if (hour.startsWith("-")) day.setDate(day.getDate() - 1);
  day.setHours(hours ?? 0, minutes ?? 0, 0, 0);
  return day;
}

/** A look at the house through the eyes of Ada, with her own session. */
async function ada(look: Look, path: string): Promise<Person> {
  const cookies = await who("Ada Lovelace").context.cookies();
  const person = await Person.at(browser, house, LOOKS[look], "/robots.txt");
  await person.context.addCookies(cookies);
  await person.page.goto(house.url + path);
  return person;
}

/** Makes everything from the first of LATER on new to Ada again, as another of her devices might. */
async function unread(room: string): Promise<void> {
  const id = Number(room.split("/").at(-1));
  await who("Ada Lovelace").page.evaluate(
    async ({ id, messages }) => {
      const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`, "parlour.v1");
      const hears = () =>
        new Promise<{ reply?: { rooms?: { room: { id: number }; head: number }[] } }>((heard) => {
          socket.onmessage = (event) => heard(JSON.parse(event.data));
        });
      await new Promise((open) => {
        socket.onopen = open;
      });
      socket.send(JSON.stringify({ t: "hello", ref: 1, cursors: [] }));
      const head = (await hears()).reply?.rooms?.find((state) => state.room.id === id)?.head ?? 0;
      socket.send(JSON.stringify({ t: "mark_unread", ref: 2, room: id, seq: head - messages + 1 }));
      await hears();
      socket.close();
    },
    { id, messages: LATER.length },
  );
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

test("pictures of markup", async () => {
  house.setClock(moment("-16:00"));
  const writer = await (await Person.at(browser, house)).comesIn("Margaret Hamilton");
  await writer.makesRoom("notes");
  const { pathname } = new URL(writer.page.url());
  await writer.saysAll(EVERYTHING, Number(pathname.split("/").at(-1)));
  const cookies = await writer.context.cookies();
  for (const look of Object.keys(LOOKS) as Look[]) {
    const reader = await Person.at(browser, house, LOOKS[look], "/robots.txt");
    await reader.context.addCookies(cookies);
    await reader.page.goto(`${house.url}${pathname}/m/4`);
    await reader.page.locator(".hljs-keyword").first().waitFor();
    await picture(reader, `markup-${look}`);
    await reader.context.close();
  }
  await writer.context.close();
});

test("pictures", async () => {
  house.setClock(moment("-17:30"));
  for (const name of ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Radia Perlman"]) {
    people.set(name, await (await Person.at(browser, house)).comesIn(name));
  }
  const roomOf = async () => new URL(who("Ada Lovelace").page.url()).pathname;
  await who("Ada Lovelace").makesRoom("engineering");
  const engineering = await roomOf();
  for (const name of ["Grace Hopper", "Alan Turing", "Radia Perlman"]) await who(name).joins("engineering");
  await say(TALK);
  // Ada has read until here; what follows is new to her.
  await who("Ada Lovelace").page.locator(".rail-row.unread").waitFor({ state: "detached" });
  await who("Grace Hopper").makesRoom("design");
  await who("Grace Hopper").says("Sketches for the first page are up.");
  await who("Ada Lovelace").joins("design");
  await who("Ada Lovelace").makesRoom("releases");
  await who("Ada Lovelace").box.fill("Version 0.1 is");
  await who("Ada Lovelace").goesTo("lobby");
  house.setClock(moment("09:50"));
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
    await stranger.context.close();

    await unread(engineering);
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
      await reader.page.locator(".members li").first().waitFor();
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
    await reader.context.close();
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
    await reader.context.close();
  }
});
