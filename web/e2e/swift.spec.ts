/** A client that answers at once while much is said (T36, T37): the acts of the budgets, small enough for every run. */

import { expect } from "vitest";
import { installEye } from "../budgets/eye";
import { fps, wheel } from "../budgets/scrolling";
import { joinRoom } from "../budgets/stage";
import { switchTo } from "../budgets/switching";
import { BUDGETS, keeps, p95 } from "../budgets/table";
import { LETTERS, pour, types } from "../budgets/writing";
import type { Person } from "./people";
import { type Scene, scenario } from "./scene";

const ROOMS = Array.from({ length: 30 }, (_, at) => `room-${String(at + 1).padStart(2, "0")}`);

/** The figures that are not kept, held as in every run of `bin/ci`. */
function broken(figures: Readonly<Record<string, number>>): string[] {
  const judged = BUDGETS.filter(({ key }) => figures[key] !== undefined);
  expect(judged.length).toBe(Object.keys(figures).length);
  const late = judged.filter((budget) => !keeps(budget, figures[budget.key] ?? Number.NaN, "threefold"));
  return late.map(({ what, key, limit }) => `${what}: ${figures[key]}, and ${limit} is the limit`);
}

/** Somebody in whose page there is an eye for what is painted. */
async function reader(scene: Scene, name: string): Promise<Person> {
  const person = await scene.visitor();
  await person.context.addInitScript(installEye);
  await person.page.goto(scene.house.url);
  return person.comesIn(name);
}

/** Rooms that somebody makes over a connection of their own, by their ids. */
async function makesRooms(who: Person, names: readonly string[]): Promise<number[]> {
  return who.page.evaluate(
    (names) =>
      new Promise<number[]>((done, failed) => {
        const socket = new WebSocket(`ws://${location.host}/ws`, "parlour.v1");
        const made: number[] = [];
        socket.onopen = () => {
          socket.send(JSON.stringify({ ref: 1, t: "hello", cursors: [] }));
          names.forEach((name, at) => {
            socket.send(JSON.stringify({ ref: at + 2, t: "create_room", name, topic: "" }));
          });
        };
        socket.onmessage = (event: MessageEvent<string>) => {
          const frame = JSON.parse(event.data) as {
            t: string;
            reply?: { is: string; state: { room: { id: number } } };
          };
          if (frame.t === "refusal") failed(new Error(event.data));
          if (frame.t === "reply" && frame.reply?.is === "room") made.push(frame.reply.state.room.id);
          if (made.length < names.length) return;
          socket.close();
          done(made);
        };
      }),
    names,
  );
}

scenario(
  "T36: a room is shown at once while 20 messages a second come into 30 rooms, whatever the list of people takes",
  async (scene) => {
    const grace = await scene.comes("Grace");
    const rooms = await makesRooms(grace, ROOMS);
    const ada = await reader(scene, "Ada");
    for (const room of rooms) {
      await grace.floods(20, "said before", room);
      await ada.page.evaluate(joinRoom, room);
    }
    let asked = 0;
    await ada.page.route("**/members", async (route) => {
      asked += 1;
      await new Promise((over) => setTimeout(over, 3_000));
      await route.continue();
    });
    await ada.page.reload();
    await ada.roomInList("room-01").waitFor();
    await ada.page.getByRole("button", { name: /^People:/ }).click();
    // Rows of the list move only while no pointer is over them.
    await ada.roomInList("room-01").hover();
    const pouring = grace.page.evaluate(pour, { rooms, perSecond: 20, seconds: 20 });
    const cold = [];
    for (const room of ROOMS) cold.push((await switchTo({ reader: ada }, room)).header);
    const warm = [];
    for (const room of ROOMS.slice(0, 20)) {
      const row = ada.roomInList(room);
      const marked = row.evaluate(async (row) => {
        const down = new Promise<number>((done) =>
          addEventListener("pointerdown", () => done(performance.now()), { once: true, capture: true }),
        );
        const at = await down;
        return (await window.eye.until(() => row.getAttribute("aria-current") === "page")) - at;
      });
      const { rows } = await switchTo({ reader: ada }, room);
      warm.push({ rows, marked: await marked });
    }
    expect(asked).toBeGreaterThan(0);
    expect(broken({ switchColdHeader: p95(cold), switchCached: p95(warm.map(({ rows }) => rows)) })).toEqual([]);
    // The row is marked in the frame after the pointer went down, long before anything was fetched.
    expect(p95(warm.map(({ marked }) => marked))).toBeLessThanOrEqual(100);
    await pouring;
    await ada.page.unrouteAll({ behavior: "ignoreErrors" });
  },
  { flags: ["--rate-limits", "off"] },
);

scenario(
  "T37: a long room scrolls without a jolt, and no letter is late or lost while 200 messages a second come",
  async (scene) => {
    const grace = await scene.comes("Grace");
    await grace.floods(3_000, "the tide turns at noon and the pilots wait for a berth by the old crane");
    const ada = await reader(scene, "Ada");
    await ada.page.locator("[data-seq]").last().waitFor();
    await ada.page.locator(".timeline-scroll").hover();
    const wire = await ada.context.newCDPSession(ada.page);
    const scrolled = await wheel({ reader: ada, wire }, -240, 3_000);
    const paged = await wheel({ reader: ada, wire }, -400, 3_000);
    // What one says oneself is shown, so that the burst comes in view.
    await ada.says("I am here");
    await ada.seesStored("I am here");
    await ada.page.evaluate(() => window.eye.watch());
    const pouring = grace.page.evaluate(pour, { rooms: [1], perSecond: 200, seconds: 5 });
    const { delays, value } = await types({ reader: ada }, LETTERS);
    await pouring;
    const { tasks } = await ada.page.evaluate(() => window.eye.watched());
    expect(value).toBe(LETTERS);
    expect(
      broken({
        scrollFps: fps(scrolled.frames),
        scrollWorst: Math.max(...scrolled.frames),
        pagingFps: fps(paged.frames),
        burstKey: p95(delays),
        burstTask: Math.max(0, ...tasks),
      }),
    ).toEqual([]);
    // Everything that was poured is there.
    await ada.sees("burst 999");
  },
  { flags: ["--rate-limits", "off"] },
);
