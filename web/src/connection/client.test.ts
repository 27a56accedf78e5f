/** How soon a house that has fallen silent is found out. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Client, createClient, type Status } from "./client";

/** A line that says nothing by itself, and what was said over each one that was opened. */
class Line extends EventTarget {
  static opened: Line[] = [];
  readonly said: { ref: number; t: string }[] = [];
  constructor() {
    super();
    Line.opened.push(this);
  }
  send(text: string): void {
    this.said.push(JSON.parse(text));
  }
  close(): void {}
  hears(frame: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }
  pings(): number {
    return this.said.filter((command) => command.t === "ping").length;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Line);
  Line.opened = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A client that was welcomed over its first line. */
function anOnlineClient(): { client: Client; line: Line; statuses: Status["type"][] } {
  const statuses: Status["type"][] = [];
  const client = createClient({
    hello: () => ({ cursors: [] }) as never,
    onWelcome: () => undefined,
    onFrame: () => undefined,
    onStatus: (status) => statuses.push(status.type),
    isSignedIn: () => Promise.resolve(true),
  });
  client.start();
  const line = Line.opened[0] as Line;
  line.dispatchEvent(new Event("open"));
  line.hears({ t: "reply", ref: line.said[0]?.ref, reply: { is: "welcome" } });
  return { client, line, statuses };
}

test("a house that says nothing any more is left after at most 45 seconds, wherever the beat stands", async () => {
  const { client, line, statuses } = anOnlineClient();
  expect(statuses).toEqual(["connecting", "online"]);
  // Heard just after a beat: the worst moment.
  await vi.advanceTimersByTimeAsync(5_001);
  line.hears({ t: "notice", notice: { kind: "unheard_of" } });
  await vi.advanceTimersByTimeAsync(39_000);
  expect(Line.opened).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(Line.opened).toHaveLength(2);
  expect(statuses).toEqual(["connecting", "online", "connecting"]);
  client.stop();
});

test("a living house is asked every 20 seconds and kept", async () => {
  const { client, line } = anOnlineClient();
  for (let seconds = 0; seconds < 100; seconds += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    const last = line.said.at(-1);
    if (last?.t === "ping") line.hears({ t: "reply", ref: last.ref, reply: { is: "pong" } });
  }
  expect(line.pings()).toBe(5);
  expect(Line.opened).toHaveLength(1);
  client.stop();
});

test("a reply that runs out after 10 seconds makes one probe, and a dead line is left 5 seconds later", async () => {
  const { client, line } = anOnlineClient();
  await vi.advanceTimersByTimeAsync(6_000);
  const before = line.pings();
  const asked = [1, 2].map((seq) => client.ask({ t: "mark_read", room: 1, seq }));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await Promise.all(asked)).toEqual([{ refusal: null }, { refusal: null }]);
  expect(line.pings()).toBe(before + 1);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(Line.opened).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(Line.opened).toHaveLength(2);
  client.stop();
});

test("what a person asks for before the connection is there is asked when it is, or given up after 10 seconds", async () => {
  const client = createClient({
    hello: () => ({ cursors: [] }) as never,
    onWelcome: () => undefined,
    onFrame: () => undefined,
    onStatus: () => undefined,
    isSignedIn: () => Promise.resolve(true),
  });
  client.start();
  const line = Line.opened[0] as Line;
  const command = { t: "create_room", name: "news", topic: "" } as const;
  const early = client.askOnceOnline(command);
  await vi.advanceTimersByTimeAsync(9_000);
  line.dispatchEvent(new Event("open"));
  line.hears({ t: "reply", ref: line.said[0]?.ref, reply: { is: "welcome" } });
  await vi.advanceTimersByTimeAsync(0);
  expect(line.said.map((said) => said.t)).toEqual(["hello", "create_room"]);
  line.hears({ t: "reply", ref: line.said[1]?.ref, reply: { is: "pong" } });
  expect(await early).toEqual({ reply: { is: "pong" } });

  line.dispatchEvent(new CloseEvent("close", { code: 1006 }));
  const never = client.askOnceOnline(command);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await never).toEqual({ refusal: null });
  const ended = client.askOnceOnline(command);
  client.stop();
  expect(await ended).toEqual({ refusal: null });
});
