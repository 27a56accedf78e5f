/** One scenario: a house of its own, the people in it, and an end at which every page must have been faultless. */

import type { Browser } from "playwright-core";
import { afterAll, type ExpectStatic, test } from "vitest";
import { House } from "./house";
import { Line } from "./line";
import { type Look, openBrowser, Person } from "./people";

let browser: Promise<Browser> | null = null;
afterAll(async () => {
  await (await browser)?.close();
  browser = null;
});

export class Scene {
  readonly house: House;
  private readonly people: Person[] = [];
  private readonly lines: Line[] = [];

  constructor(house: House) {
    this.house = house;
  }

  /** Somebody at the door, in a browser of their own. */
  async visitor(look: Look = {}, path = "/", way: { readonly url: string } = this.house): Promise<Person> {
    browser ??= openBrowser();
    const person = await Person.at(await browser, way, look, path);
    this.people.push(person);
    return person;
  }

  /** Somebody who came in. */
  async comes(name: string, look: Look = {}, way?: { readonly url: string }): Promise<Person> {
    return (await this.visitor(look, "/", way)).comesIn(name);
  }

  /** Somebody who has just made the house their own. */
  async owner(name: string, look: Look = {}): Promise<Person> {
    return (await this.visitor(look, this.house.ownerLink)).becomesOwner(name);
  }

  /** Another tab of the same browser. */
  async anotherTab(of: Person): Promise<Person> {
    const tab = await of.anotherTab();
    this.people.push(tab);
    return tab;
  }

  /** A wire to the house that can be cut. */
  async line(): Promise<Line> {
    const line = await Line.to(this.house);
    this.lines.push(line);
    return line;
  }

  /** What stands on every page now. */
  async shown(): Promise<string> {
    const texts = await Promise.all(this.people.map((person) => person.shown()));
    return texts.map((text, place) => `-- page ${place + 1}\n${text}`).join("\n");
  }

  async end(): Promise<void> {
    const faults = await Promise.all(this.people.map((person) => person.faultsOnLeaving()));
    for (const context of new Set(this.people.map((person) => person.context))) await context.close();
    for (const line of this.lines) line.close();
    await this.house.tearDown();
    if (faults.flat().length > 0) throw new Error(faults.flat().join("\n"));
  }
}

/** `expect` is the test's own: beside others no other one knows whose expectation it is. */
type Story = (scene: Scene, expect: ExpectStatic) => Promise<void>;
type Kind = { readonly flags?: readonly string[]; readonly clock?: boolean; readonly atOnce?: boolean };

/**
 * A test with a house of its own. `flags` go to the server, `clock` lets the test set the server's time, and scenarios
 * that mostly wait run `atOnce` with the others of their file that do.
 */
export function scenario(title: string, story: Story, kind: Kind = {}): void {
  const run = kind.atOnce === true ? test.concurrent : test;
  run(title, async ({ expect }) => {
    const house = new House({ flags: kind.flags ?? [], clock: kind.clock === true });
    const scene = new Scene(house);
    await house.start();
    try {
      await story(scene, expect);
    } catch (error) {
      // What the pages show, and what they complained of, is often the reason, so it is said with the failure.
      console.error(await scene.shown());
      await scene.end().catch((faults: unknown) => console.error(String(faults)));
      throw error;
    }
    await scene.end();
  });
}
