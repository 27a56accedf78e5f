/** People in front of real browsers, as verbs. Every page also fails its test on an error or on sideways scroll. */

import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
  // A wheel step is one jump, so that a test can say how far it scrolled.
  "--disable-smooth-scrolling",
];
/** What a browser says when the network is cut on purpose. */
const EXPECTED = /net::ERR_|WebSocket connection|Failed to load resource/;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

/** Of everybody who has one. */
export const PASSWORD = "seven tall ships";

export type Look = {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly touch?: boolean;
  /** Device pixels to one of CSS: 2 is what a zoom of 200 % does to a window half as wide. */
  readonly scale?: number;
};

/** Letters of a page that are told of a failure. */
const SHOWN_MAX = 4_000;

export class Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: string[] = [];
  private readonly way: { readonly url: string };

  private constructor(context: BrowserContext, page: Page, way: { readonly url: string }) {
    this.context = context;
    this.page = page;
    this.way = way;
    page.on("pageerror", (error) => this.faults.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !EXPECTED.test(message.text())) this.faults.push(message.text());
    });
  }

  /** A new browser profile at the house's door. */
  static async at(browser: Browser, way: { readonly url: string }, look: Look = {}, path = "/"): Promise<Person> {
    const context = await browser.newContext({
      viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
      deviceScaleFactor: look.scale ?? 1,
      colorScheme: look.dark === true ? "dark" : "light",
      hasTouch: look.touch === true,
      isMobile: look.touch === true,
      locale: "en-GB",
      timezoneId: "Etc/UTC",
    });
    const person = new Person(context, await context.newPage(), way);
    await person.page.goto(new URL(path, way.url).href);
    return person;
  }

  /** Another tab of the same browser. */
  async anotherTab(): Promise<Person> {
    const person = new Person(this.context, await this.context.newPage(), this.way);
    await person.page.goto(this.way.url);
    await person.box.waitFor();
    return person;
  }

  get box(): Locator {
    return this.page.locator("#box");
  }

  get log(): Locator {
    return this.page.locator("[data-live-log] p");
  }

  get shelf(): Locator {
    return this.page.locator(".shelf");
  }

  async comesIn(name: string): Promise<this> {
    await this.page.getByLabel("Your name").fill(name);
    await this.page.keyboard.press("Enter");
    await this.box.waitFor();
    return this;
  }

  /** Makes the house their own, and is in its lobby. */
  async becomesOwner(name: string): Promise<this> {
    await this.fills({ "Name of the house": "Harbour", "Your name": name, Password: PASSWORD });
    await this.page.keyboard.press("Enter");
    await this.isIn("lobby");
    return this;
  }

  /** Fills the fields of a form by their labels, in order. */
  async fills(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, text] of Object.entries(fields)) await this.field(label).fill(text);
  }

  field(label: string): Locator {
    return this.page
      .getByRole("textbox", { name: label, exact: true })
      .or(this.page.locator("input[type=password]").and(this.page.getByLabel(label, { exact: true })));
  }

  async presses(button: string): Promise<void> {
    await this.page.getByRole("button", { name: button, exact: true }).click();
  }

  /** What is said beside a field that is refused, to those who see it and those who hear it: the focus is there. */
  async refusalOf(label: string): Promise<string> {
    await this.page.getByRole("alert").waitFor();
    return this.field(label).evaluate((field) => {
      const [first] = (field.getAttribute("aria-describedby") ?? "").split(" ");
      const said = first === undefined || first === "" ? null : document.getElementById(first);
      const refused = field.getAttribute("aria-invalid") === "true" && field === document.activeElement;
      if (!refused || said?.role !== "alert") throw new Error(`not refused: ${field.outerHTML}`);
      // Without the button that offers something else.
      return said.firstChild?.textContent ?? "";
    });
  }

  /** Asks the house in this browser's session, as its pages do: the answer's JSON, or null where it has none. */
  async asks<T>(path: string, body?: unknown): Promise<T> {
    return this.page.evaluate(
      async ({ path, body }) => {
        const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
        const response = await fetch(`/api/v1/${path}`, body === undefined ? {} : post);
        if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
        const text = await response.text();
        return text === "" ? null : JSON.parse(text);
      },
      { path, body },
    );
  }

  /** Makes a link into the house: the path of its address. */
  async invites(what: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { url } = await this.asks<{ url: string }>("admin/invitations", what);
    return new URL(url).pathname;
  }

  /** Shows a message of the lobby to those who look after the house, over a connection of its own. */
  async reports(text: string, note: string): Promise<void> {
    const seq = Number(await this.row(text).first().getAttribute("data-seq"));
    await this.page.evaluate(
      ({ seq, note }) =>
        new Promise<void>((done, failed) => {
          const socket = new WebSocket(`ws://${location.host}/ws`, "parlour.v1");
          socket.onopen = () => {
            socket.send(JSON.stringify({ ref: 1, t: "hello", cursors: [] }));
            socket.send(JSON.stringify({ ref: 2, t: "report", room: 1, seq, note }));
          };
          socket.onmessage = (event: MessageEvent<string>) => {
            const frame = JSON.parse(event.data) as { t: string; ref?: number };
            if (frame.ref !== 2) return;
            socket.close();
            if (frame.t === "reply") done();
            else failed(new Error(event.data));
          };
        }),
      { seq, note },
    );
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

  /** Sees the message, and that the house has it. */
  async seesStored(text: string, timeout = 10_000): Promise<void> {
    await this.row(text).and(this.page.locator("[data-seq]")).first().waitFor({ timeout });
  }

  /** The texts of the messages that are in the page, from top to bottom. */
  texts(): Promise<string[]> {
    return this.page.locator(".row.message .row-body").allInnerTexts();
  }

  /** Where the page is and what stands on it, for whoever reads why a scenario failed. */
  async shown(): Promise<string> {
    const text = await this.page.locator("body").ariaSnapshot({ timeout: 1_000 });
    return `${this.page.url()}\n${text.slice(0, SHOWN_MAX)}`;
  }

  /** The lines about people and the room that are in the page. */
  lines(): Promise<string[]> {
    return this.page.locator(".row-system > div:last-child").allInnerTexts();
  }

  /** A room in the list, whatever is written beside it. */
  roomInList(name: string): Locator {
    return this.page.locator(".rail-row", { has: this.page.getByText(name, { exact: true }) });
  }

  async isIn(room: string): Promise<void> {
    await this.page.getByRole("heading", { level: 1, name: room, exact: true }).waitFor();
    await this.box.waitFor();
  }

  async goesTo(room: string): Promise<void> {
    await this.roomInList(room).click();
    await this.isIn(room);
  }

  async makesRoom(name: string, closed = false): Promise<void> {
    await this.page.getByText("Browse all rooms").click();
    await this.page.getByRole("button", { name: "New room" }).click();
    await this.page.getByLabel("Name").fill(name);
    if (closed) await this.page.getByRole("radio", { name: "Closed" }).check();
    await this.page.getByRole("button", { name: "Make room" }).click();
    await this.isIn(name);
  }

  /** Somebody in a list of people, with the buttons beside them. */
  personInList(name: string): Locator {
    return this.page.locator(".everyone-list li, .members li").filter({
      has: this.page.getByRole("button", { name, exact: true }),
    });
  }

  get details(): Locator {
    return this.page.getByRole("complementary", { name: "Room details" });
  }

  async opensDetails(): Promise<void> {
    await this.page.getByRole("button", { name: /^People:/ }).click();
    await this.details.locator(".members li").first().waitFor();
  }

  /** Goes to the direct room with somebody, by the list of people. */
  async writesTo(name: string): Promise<void> {
    await this.page.getByText("All people").click();
    await this.page.getByRole("button", { name: `Message ${name}`, exact: true }).click();
    await this.isIn(name);
  }

  /** Makes a room that others do not know of, and adds people to it. */
  async makesClosedRoom(name: string, ...people: string[]): Promise<void> {
    await this.makesRoom(name, true);
    if (people.length === 0) return;
    await this.opensDetails();
    await this.details.getByRole("button", { name: "Add people" }).click();
    const dialog = this.page.getByRole("dialog", { name: "Add people" });
    for (const person of people) await dialog.getByLabel(person, { exact: false }).check();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await this.page.getByRole("button", { name: "Close room details" }).click();
  }

  /** Opens the menu of a message by keyboard and chooses from it. */
  async chooses(what: string, text: string): Promise<void> {
    await this.row(text).focus();
    await this.page.keyboard.press("m");
    await this.page.getByRole("menuitem", { name: what }).click();
  }

  async joins(room: string): Promise<void> {
    await this.page.getByText("Browse all rooms").click();
    await this.page.getByRole("button", { name: `Join ${room}` }).click();
    await this.isIn(room);
  }

  /** Says many things at once over a connection of its own: `${what} 1` to `${what} ${count}`, in this order. */
  async floods(count: number, what: string, room = 1): Promise<void> {
    const texts = Array.from({ length: count }, (_, at) => `${what} ${at + 1}`);
    await this.saysAll(texts, room);
  }

  /** Says many things over a connection of its own, in this order. */
  async saysAll(texts: readonly string[], room = 1): Promise<void> {
    await this.page.evaluate(flood, { texts, room });
  }

  /** Lets time pass in which something must not happen, or is promised to have happened by its end. */
  async letsPass(ms: number): Promise<void> {
    await this.page.evaluate((ms) => new Promise((passed) => setTimeout(passed, ms)), ms);
  }

  /** From now on this browser's machine is so many times slower. */
  async slowsDown(times: number): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: times });
  }

  /** How far a row stands from the top of the page, in pixels. */
  async topOf(text: string): Promise<number> {
    const box = await this.row(text).first().boundingBox();
    if (box === null) throw new Error(`"${text}" is not in the page`);
    return box.y;
  }

  /** What the page complained of until now, and whether it can be scrolled sideways. A page that is gone cannot. */
  async faultsOnLeaving(): Promise<string[]> {
    const sideways = await this.page
      .evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      .catch(() => false);
    return sideways ? [...this.faults, "the page can be scrolled sideways"] : this.faults;
  }
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}

/** Runs in the page. */
function flood({ texts, room }: { texts: readonly string[]; room: number }): Promise<void> {
  return new Promise((done, failed) => {
    const socket = new WebSocket(`ws://${location.host}/ws`, "parlour.v1");
    let answered = 0;
    let said = 0;
    const sayNext = () => {
      const id = crypto.randomUUID();
      socket.send(JSON.stringify({ ref: said + 2, t: "post", room, client_id: id, text: texts[said] }));
      said += 1;
    };
    socket.onopen = () => socket.send(JSON.stringify({ ref: 1, t: "hello", cursors: [] }));
    socket.onclose = (event) => failed(new Error(`closed with ${event.code}`));
    socket.onmessage = (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as { t: string; reply?: { is: string } };
      if (frame.t === "refusal") failed(new Error(event.data));
      if (frame.t !== "reply") return;
      if (frame.reply?.is === "posted") answered += 1;
      // Some are always under way, so that the house can store them together.
      while (said < texts.length && said - answered < 32) sayNext();
      if (answered < texts.length) return;
      socket.onclose = null;
      socket.close();
      done();
    };
  });
}
