/** People in front of real browsers, as verbs. Every page also fails its test on an error or on sideways scroll. */

import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import type { House } from "./house";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];
/** What a browser says when the network is cut on purpose. */
const EXPECTED = /net::ERR_|WebSocket connection|Failed to load resource/;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

type Look = { readonly width?: number; readonly height?: number; readonly dark?: boolean; readonly touch?: boolean };

export class Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.on("pageerror", (error) => this.faults.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !EXPECTED.test(message.text())) this.faults.push(message.text());
    });
  }

  /** A new browser profile at the house's door. */
  static async at(browser: Browser, house: House, look: Look = {}, path = "/"): Promise<Person> {
    const context = await browser.newContext({
      viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
      colorScheme: look.dark === true ? "dark" : "light",
      hasTouch: look.touch === true,
      locale: "en-GB",
    });
    const person = new Person(context, await context.newPage());
    await person.page.goto(house.url + path);
    return person;
  }

  /** Another tab of the same browser. */
  async anotherTab(house: House): Promise<Person> {
    const person = new Person(this.context, await this.context.newPage());
    await person.page.goto(house.url);
    await person.box.waitFor();
    return person;
  }

  get box(): Locator {
    return this.page.locator("#box");
  }

  async comesIn(name: string): Promise<this> {
    await this.page.getByLabel("Your name").fill(name);
    await this.page.keyboard.press("Enter");
    await this.box.waitFor();
    return this;
  }

  async says(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  /** The row that holds exactly this text. */
  row(text: string): Locator {
    return this.page.getByRole("article").filter({ has: this.page.locator(".row-body", { hasText: exactly(text) }) });
  }

  async sees(text: string, timeout = 10_000): Promise<void> {
    await this.row(text).first().waitFor({ timeout });
  }

  /** The texts of all messages in the page, from top to bottom. */
  texts(): Promise<string[]> {
    return this.page.locator(".row.message .row-body").allInnerTexts();
  }

  async goesTo(room: string): Promise<void> {
    await this.page.locator(".rail-row", { has: this.page.getByText(room, { exact: true }) }).click();
    await this.page.getByRole("heading", { level: 1, name: room }).waitFor();
  }

  async makesRoom(name: string): Promise<void> {
    await this.page.getByText("Browse all rooms").click();
    await this.page.getByRole("button", { name: "New room" }).click();
    await this.page.getByLabel("Name").fill(name);
    await this.page.getByRole("button", { name: "Make room" }).click();
    await this.page.getByRole("heading", { level: 1, name }).waitFor();
  }

  async joins(room: string): Promise<void> {
    await this.page.getByText("Browse all rooms").click();
    await this.page.getByRole("button", { name: `Join ${room}` }).click();
    await this.page.getByRole("heading", { level: 1, name: room }).waitFor();
  }

  /** How far a row stands from the top of the page, in pixels. */
  async topOf(text: string): Promise<number> {
    const box = await this.row(text).first().boundingBox();
    if (box === null) throw new Error(`"${text}" is not in the page`);
    return box.y;
  }

  /** Fails when the page had an error or can be scrolled sideways; then closes it. */
  async leaves(): Promise<void> {
    const sideways = await this.page
      .evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      .catch(() => false);
    await this.context.close();
    if (sideways) this.faults.push("the page can be scrolled sideways");
    if (this.faults.length > 0) throw new Error(this.faults.join("\n"));
  }
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}
