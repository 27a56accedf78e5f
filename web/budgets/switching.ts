/** From the pointer going down on a room to its messages being painted. */

import { ROOMS, type Stage } from "./stage";
import { type Figures, p95 } from "./table";

const COLD = ROOMS.slice(20);
const WARM = ROOMS.slice(0, 20);

export async function measureSwitching(stage: Stage): Promise<Figures> {
  await stage.reader.page.reload();
  await stage.reader.roomInList("room-01").waitFor();
  const cold = [];
  for (const room of COLD) cold.push(await switchTo(stage, room));
  for (const room of WARM) await switchTo(stage, room);
  const warm = [];
  for (const room of WARM) warm.push((await switchTo(stage, room)).rows);
  await stage.slower(4);
  const slow = [];
  for (const room of WARM) slow.push((await switchTo(stage, room)).rows);
  await stage.slower(1);
  return {
    switchCached: p95(warm),
    switchCachedSlow: p95(slow),
    switchColdHeader: p95(cold.map(({ header }) => header)),
    switchCold: p95(cold.map(({ rows }) => rows)),
  };
}

/** In milliseconds from the pointer going down. */
export async function switchTo(
  { reader }: Pick<Stage, "reader">,
  room: string,
): Promise<{ header: number; rows: number }> {
  const row = reader.roomInList(room);
  await row.scrollIntoViewIfNeeded();
  const box = await row.boundingBox();
  if (box === null) throw new Error(`${room} is not in the list`);
  const seen = reader.page.evaluate(async (name) => {
    const before = new Set(document.querySelectorAll("[data-seq]"));
    const down = new Promise<number>((done) =>
      addEventListener("pointerdown", () => done(performance.now()), { once: true, capture: true }),
    );
    const named = () => document.querySelector("main h1")?.textContent === name;
    const at = await down;
    const header = await window.eye.until(named);
    const rows = await window.eye.until(
      () => named() && [...document.querySelectorAll("[data-seq]")].some((row) => !before.has(row)),
    );
    return { header: header - at, rows: rows - at };
  }, room);
  await reader.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await reader.page.mouse.down();
  await reader.page.mouse.up();
  return seen;
}
