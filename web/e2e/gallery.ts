/** Where the pictures of docs/screenshots are taken: in light, in dark, and on a phone. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { House } from "./house";
import { type Look, openBrowser, Person } from "./people";

const FOLDER = join(process.cwd(), "../docs/screenshots");
const LOOKS: Readonly<Record<string, Look>> = {
  light: { width: 1280, height: 800 },
  dark: { width: 1280, height: 800, dark: true },
  phone: { width: 390, height: 844, touch: true },
};

/** What a set of pictures is taken with: somebody new at an address, and the camera. */
export type Studio = {
  readonly house: House;
  readonly phone: boolean;
  at(path?: string, look?: Look): Promise<Person>;
  take(person: Person, name: string): Promise<void>;
};

/** A set of pictures, taken once in each look, each time in a house of its own. */
export function pictures(title: string, flags: readonly string[], shoot: (studio: Studio) => Promise<void>): void {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(FOLDER, { recursive: true });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  for (const [name, look] of Object.entries(LOOKS)) {
    test(`${title}, ${name}`, async () => {
      const house = new House({ flags: ["--rate-limits", "off", ...flags] });
      await house.start();
      await shoot({
        house,
        phone: name === "phone",
        at: (path = "/", own = look) => Person.at(browser, house, own, path),
        take: async (person, picture) => {
          const path = join(FOLDER, `${picture}-${name}.png`);
          await person.page.screenshot({ path, animations: "disabled", caret: "hide" });
        },
      });
      await house.tearDown();
    });
  }
}
