/** The pictures of the door and of links into the house, in light, dark and narrow: `npm run screenshots`. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { House } from "./house";
import { openBrowser, PASSWORD, Person } from "./people";

const FOLDER = join(process.cwd(), "../docs/screenshots");
const LOOKS = {
  light: { width: 1280, height: 800 },
  dark: { width: 1280, height: 800, dark: true },
  phone: { width: 390, height: 844, touch: true },
} as const;

let browser: Browser;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
});

async function picture(person: Person, name: string): Promise<void> {
  await person.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: "disabled", caret: "hide" });
}

for (const [look, size] of Object.entries(LOOKS)) {
  test(`the door, ${look}`, async () => {
    const house = new House({ flags: ["--rate-limits", "off", "--door", "approval"] });
    await house.start();
    const at = (path = "/") => Person.at(browser, house, size, path);
    const ada = await at(house.ownerLink);
    await ada.fills({ "Name of the house": "Harbour", "Your name": "Ada Lovelace", Password: "ships" });
    await ada.presses("Open the house");
    await ada.page.getByRole("alert").waitFor();
    await picture(ada, `new-house-${look}`);
    await ada.becomesOwner("Ada Lovelace");
    await ada.page.getByRole("button", { name: "Copy" }).waitFor();
    await picture(ada, `first-invitation-${look}`);

    const stranger = await at();
    await stranger.fills({ "Your name": "Grace Hopper", "Who are you?": "From the yard" });
    await picture(stranger, `knock-${look}`);
    await stranger.presses("Ask to come in");
    await stranger.page.getByRole("heading", { name: "Waiting to be let in" }).waitFor();
    await picture(stranger, `waiting-${look}`);

    const back = await at();
    await back.presses("Sign in");
    await back.fills({ "Handle or e-mail": "ada-lovelace", Password: PASSWORD.slice(1) });
    await back.presses("Sign in");
    await back.page.getByRole("alert").waitFor();
    await back.presses("Forgot password");
    await picture(back, `sign-in-${look}`);

    await ada.page.goto(`${house.url}/rooms`);
    await ada.presses("New room");
    await ada.page.getByLabel("Name").fill("engineering");
    await ada.presses("Make room");
    await ada.isIn("engineering");
    const room = Number(new URL(ada.page.url()).pathname.split("/").at(-1));
    const invited = await at(await ada.invites({ rooms: [room] }));
    await invited.fills({ "Your name": "Grace Hopper" });
    await picture(invited, `join-${look}`);
    const guest = await at(await ada.invites({ role: "guest", rooms: [room] }));
    await guest.field("Your name").waitFor();
    await picture(guest, `join-guest-${look}`);
    const lost = await at("/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    await lost.page.getByRole("alert").waitFor();
    await picture(lost, `join-over-${look}`);
    const reset = await at("/reset/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    await reset.field("New password").waitFor();
    await picture(reset, `reset-${look}`);
    await house.tearDown();
  });
}
