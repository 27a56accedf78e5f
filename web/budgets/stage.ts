/** Where the budgets are measured: a house with a room of 100,000 messages and 30 others, one reader and one who writes. */

import type { Browser, CDPSession } from "playwright-core";
import { House } from "../e2e/house";
import { openBrowser, Person } from "../e2e/people";
import { installEye } from "./eye";

export const ARCHIVE = "archive";
export const ARCHIVE_MESSAGES = 100_000;
export const ROOMS = Array.from({ length: 30 }, (_, at) => `room-${String(at + 1).padStart(2, "0")}`);
const MESSAGES_A_ROOM = 120;

/** Of somebody who writes a lot, sometimes on several lines. */
function text(at: number): string {
  const words = "the tide turns at noon and the pilots wait for a berth by the old crane".split(" ");
  const some = Array.from({ length: 3 + (at % 23) }, (_, k) => words[(at * 7 + k * 3) % words.length]).join(" ");
  return at % 11 === 0 ? `${some}\n\n${some}` : `${some} ${at}`;
}

export class Stage {
  readonly house: House;
  readonly reader: Person;
  readonly writer: Person;
  readonly wire: CDPSession;
  private readonly browser: Browser;

  private constructor(house: House, browser: Browser, reader: Person, writer: Person, wire: CDPSession) {
    this.house = house;
    this.browser = browser;
    this.reader = reader;
    this.writer = writer;
    this.wire = wire;
  }

  static async set(): Promise<Stage> {
    const house = new House({ flags: ["--rate-limits", "off"] });
    await house.start();
    const browser = await openBrowser();
    const writer = await (await Person.at(browser, house)).comesIn("Grace");
    const reader = await Person.at(browser, house);
    await reader.context.addInitScript(installEye);
    await reader.page.goto(house.url);
    await reader.comesIn("Ada");
    for (const name of [ARCHIVE, ...ROOMS]) await writer.makesRoom(name);
    const listed = await writer.asks<{ rooms: readonly { room: { id: number; name: string } }[] }>("rooms");
    for (const { room } of listed.rooms) {
      if (room.name === "lobby") continue;
      const count = room.name === ARCHIVE ? ARCHIVE_MESSAGES : MESSAGES_A_ROOM;
      for (let from = 0; from < count; from += 20_000) {
        const some = Math.min(20_000, count - from);
        await writer.saysAll(
          Array.from({ length: some }, (_, at) => text(from + at)),
          room.id,
        );
      }
      await reader.page.evaluate(joinRoom, room.id);
    }
    await reader.page.reload();
    await reader.box.waitFor();
    await reader.roomInList(ARCHIVE).waitFor();
    return new Stage(house, browser, reader, writer, await reader.context.newCDPSession(reader.page));
  }

  /** From now on the reader's processor is so many times slower. */
  async slower(times: number): Promise<void> {
    await this.wire.send("Emulation.setCPUThrottlingRate", { rate: times });
  }

  async strike(): Promise<void> {
    await this.browser.close();
    await this.house.tearDown();
  }
}

/** Runs in the page: enters a room over a connection of its own. */
export function joinRoom(room: number): Promise<void> {
  return new Promise((done, failed) => {
    const socket = new WebSocket(`ws://${location.host}/ws`, "parlour.v1");
    socket.onopen = () => {
      socket.send(JSON.stringify({ ref: 1, t: "hello", cursors: [] }));
      socket.send(JSON.stringify({ ref: 2, t: "join_room", room }));
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as { t: string; ref?: number };
      if (frame.ref !== 2) return;
      socket.close();
      if (frame.t === "reply") done();
      else failed(new Error(event.data));
    };
  });
}
