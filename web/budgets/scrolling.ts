/** A wheel that turns for seconds through the room of 100,000 messages: frames, tasks, and what moves under the reader. */

import { drift, firstInView, stands } from "../e2e/pixels";
import { ARCHIVE, type Stage } from "./stage";
import { type Figures, p95 } from "./table";

const WHEEL_MS = 16;

export async function measureScrolling(stage: Stage): Promise<Figures> {
  const { reader } = stage;
  await reader.goesTo(ARCHIVE);
  await reader.page.locator("[data-seq]").last().waitFor();
  await reader.page.locator(".timeline-scroll").hover();
  const plain = await wheel(stage, -240, 5_000);
  const paging = await wheel(stage, -400, 8_000);
  await stage.slower(4);
  const slow = await wheel(stage, -240, 4_000);
  await stage.slower(1);
  return {
    scrollFps: fps(plain.frames),
    scrollFrame: p95(plain.frames),
    scrollWorst: Math.max(...plain.frames),
    scrollTask: Math.max(0, ...plain.tasks),
    pagingFps: fps(paging.frames),
    pagingWorst: Math.max(...paging.frames),
    scrollFpsSlow: fps(slow.frames),
    drift: await driftWhilePagesArrive(stage),
  };
}

export function fps(frames: readonly number[]): number {
  return (1_000 * frames.length) / frames.reduce((sum, frame) => sum + frame, 0);
}

/** A wheel that turns for so long in the room on screen: the length of each frame and of each long task meanwhile. */
export async function wheel(
  { reader, wire }: Pick<Stage, "reader" | "wire">,
  deltaY: number,
  ms: number,
): Promise<{ frames: number[]; tasks: number[] }> {
  const box = await reader.page.locator(".timeline-scroll").boundingBox();
  if (box === null) throw new Error("no room is open");
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await reader.page.evaluate(() => window.eye.watch());
  const sent = [];
  for (let passed = 0; passed < ms; passed += WHEEL_MS) {
    // Not waited for: a hand does not wait for the page either.
    sent.push(wire.send("Input.dispatchMouseEvent", { type: "mouseWheel", deltaX: 0, deltaY, ...at }));
    await new Promise((over) => setTimeout(over, WHEEL_MS));
  }
  const seen = await reader.page.evaluate(() => window.eye.watched());
  await Promise.all(sent);
  return seen;
}

/** The most that the row first in view moves, in pixels, while pages of older messages arrive above it. */
async function driftWhilePagesArrive(stage: Stage): Promise<number> {
  const { page } = stage.reader;
  await page.route("**/history?*", async (route) => {
    await new Promise((over) => setTimeout(over, 80));
    await route.continue();
  });
  const moved = [];
  for (let round = 0; round < 5; round += 1) {
    // What was asked for until now has come, so that the next page is one that this round asks for.
    await page.locator('[role="feed"][aria-busy="false"]').waitFor();
    await stands(page);
    await page.locator('[role="feed"][aria-busy="false"]').waitFor();
    const wanted = page.waitForRequest(/history\?before=/);
    const feed = page.getByRole("feed");
    for (let turn = 0; (await feed.getAttribute("aria-busy")) === "false" && turn < 80; turn += 1) {
      await page.mouse.wheel(0, -400);
      await page.evaluate(() => window.eye.painted());
    }
    await wanted;
    await stands(page);
    const mark = await firstInView(page);
    await page.locator('[role="feed"][aria-busy="false"]').waitFor();
    moved.push(await drift(page, mark));
  }
  await page.unroute("**/history?*");
  return Math.max(...moved);
}
