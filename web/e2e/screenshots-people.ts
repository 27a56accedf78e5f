/** Pictures of closed and direct rooms, of people, and of what is done about them: in light, dark and narrow. */

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

const [ADA, GRACE, ALAN, RADIA] = ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Radia Perlman"];

const house = new House({ flags: ["--house-name", "Harbour", "--rate-limits", "off"] });
let browser: Browser;
const people = new Map<string, Person>();

function who(name: string): Person {
  const person = people.get(name);
  if (person === undefined) throw new Error(`${name} is not in the house`);
  return person;
}

/** A look at the house through the eyes of Ada, with her own session. */
async function ada(look: Look, path: string): Promise<Person> {
  const cookies = await who(ADA).context.cookies();
  const person = await Person.at(browser, house, LOOKS[look], "/robots.txt");
  await person.context.addCookies(cookies);
  await person.page.goto(house.url + path);
  return person;
}

async function picture(person: Person, name: string): Promise<void> {
  await person.page.evaluate(() => document.fonts.ready);
  await person.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: "disabled", caret: "hide" });
}

async function pathOf(person: Person): Promise<string> {
  return new URL(person.page.url()).pathname;
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

/** The rooms, and what is said in them. */
async function furnish(): Promise<{ board: string; direct: string }> {
  for (const name of [ADA, GRACE, ALAN, RADIA]) {
    people.set(name, await (await Person.at(browser, house)).comesIn(name));
  }
  const [me, grace, alan] = [who(ADA), who(GRACE), who(ALAN)];
  await me.makesClosedRoom("board", GRACE, ALAN);
  const board = await pathOf(me);
  await me.says("Minutes of this morning are in the usual place.");
  await grace.goesTo("board");
  await grace.says("Read and agreed. The second point needs a date.");
  await alan.goesTo("board");
  await alan.says("Friday, then.");
  await me.sees("Friday, then.");
  await me.writesTo(GRACE);
  const direct = await pathOf(me);
  await me.says("Do you have a moment after lunch?");
  await grace.goesTo(ADA);
  await grace.says("Of course. By the window?");
  await me.sees("Of course. By the window?");
  await me.page.getByText("All people").click();
  await me.page.getByRole("button", { name: "Message several" }).click();
  const dialog = me.page.getByRole("dialog");
  for (const name of [ALAN, RADIA]) await dialog.getByLabel(name).check();
  await dialog.getByRole("button", { name: "Start" }).click();
  await me.isIn("Alan, Radia");
  await who(RADIA).goesTo("Ada, Alan");
  await who(RADIA).says("Lunch, the three of us?");
  await who(RADIA).seesStored("Lunch, the three of us?");
  await me.sees("Lunch, the three of us?");
  return { board, direct };
}

async function inRooms(look: Look, board: string, direct: string): Promise<void> {
  const reader = await ada(look, board);
  await reader.sees("Friday, then.");
  await picture(reader, `closed-room-${look}`);
  await reader.opensDetails();
  await picture(reader, `room-details-${look}`);
  await reader.details.getByRole("button", { name: "Add people" }).click();
  await reader.page.getByRole("dialog").getByRole("checkbox").first().check();
  await picture(reader, `add-people-${look}`);
  await reader.page.keyboard.press("Escape");
  await reader.page.keyboard.press("Escape");
  await reader.row("Friday, then.").click();
  await reader
    .row("Friday, then.")
    .getByRole("button", { name: /^More about the message/ })
    .click();
  await reader.page.getByRole("menuitem", { name: "About" }).waitFor();
  await picture(reader, `row-menu-${look}`);
  await reader.page.getByRole("menuitem", { name: "About" }).click();
  await reader.page.getByRole("button", { name: "Block" }).waitFor();
  await picture(reader, `person-card-${look}`);
  await reader.page.keyboard.press("Escape");
  await reader
    .row("Friday, then.")
    .getByRole("button", { name: /^More about the message/ })
    .click();
  await reader.page.getByRole("menuitem", { name: "Report" }).click();
  await reader.page.getByRole("dialog").getByRole("textbox").waitFor();
  await picture(reader, `report-${look}`);
  await reader.page.goto(house.url + direct);
  await reader.sees("Of course. By the window?");
  await picture(reader, `direct-${look}`);
  await reader.page.goto(`${house.url}/people`);
  await reader.personInList(GRACE).waitFor();
  await picture(reader, `everyone-${look}`);
  await reader.page.getByRole("button", { name: "Message several" }).click();
  await reader.page.getByRole("dialog").getByRole("checkbox").first().waitFor();
  await picture(reader, `message-several-${look}`);
  await reader.page.goto(`${house.url}/nowhere`);
  await reader.page.getByRole("heading", { name: "Nothing here" }).waitFor();
  await picture(reader, `nowhere-${look}`);
  await reader.context.close();
}

/** What Grace sees of rooms that are quiet, slow, full of the blocked, or lost. */
async function asGrace(look: Look, board: string): Promise<void> {
  const cookies = await who(GRACE).context.cookies();
  const reader = await Person.at(browser, house, LOOKS[look], "/robots.txt");
  await reader.context.addCookies(cookies);
  await reader.page.goto(house.url + board);
  const me = who(ADA);
  await me.goesTo("board");
  await me.opensDetails();
  await me.details.getByRole("radio", { name: "Only those who look after it" }).click();
  await reader.page.getByPlaceholder(/^Only those who look after/).waitFor();
  await picture(reader, `only-managers-${look}`);
  await me.details.getByRole("radio", { name: "Everyone in it" }).click();
  await me.details.getByLabel(/^Between two/).selectOption("300");
  await reader.box.fill("A date: the fourth.");
  await reader.page.getByRole("button", { name: "Send" }).click();
  await reader.shelf.getByText(/^Your next message/).waitFor();
  await reader.box.fill("And the place is");
  await picture(reader, `slow-room-${look}`);
  await me.details.getByLabel(/^Between two/).selectOption("0");
  await me.page.getByRole("button", { name: `More about ${GRACE}` }).click();
  await me.page.getByRole("menuitem", { name: "Remove from this room" }).click();
  await reader.page.getByText("You can no longer read this room.").waitFor();
  await picture(reader, `lost-room-${look}`);
  await reader.context.close();
  await me.details.getByRole("button", { name: "Add people" }).click();
  await me.page.getByRole("dialog").getByLabel(GRACE).check();
  await me.page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
  await me.page.getByRole("button", { name: "Close room details" }).click();
}

test("pictures of rooms and people", async () => {
  const { board, direct } = await furnish();
  for (const look of Object.keys(LOOKS) as Look[]) {
    await inRooms(look, board, direct);
    await asGrace(look, board);
  }
});
