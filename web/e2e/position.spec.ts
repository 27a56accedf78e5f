/** The page does not move under the reader (T11, T13). */

import { expect } from "vitest";
import type { Person } from "./people";
import { climb, drift, firstInView, hiddenOfLastRow, rowsInView, stands } from "./pixels";
import { scenario } from "./scene";

const FREE = { flags: ["--rate-limits", "off"] };

scenario(
  "T11: reading back through 1,000 of 5,000 messages nothing moves, and 20 new ones are counted below",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await grace.floods(5_000, "line");
    await ada.page.reload();
    await ada.box.waitFor();
    await ada.page.keyboard.press("Escape");
    await ada.sees("line 5000");
    // Late enough for the page to be drawn before an older page of the log arrives.
    await ada.page.route("**/history?*", async (route) => {
      await new Promise((over) => setTimeout(over, 60));
      await route.continue();
    });
    const view = ada.page.locator(".timeline-scroll");
    const feed = ada.page.getByRole("feed");
    await view.hover();
    let said = 0;
    for (let page = 0; page < 20; page += 1) {
      const wanted = ada.page.waitForRequest(/history\?before=/);
      for (let wheel = 0; (await feed.getAttribute("aria-busy")) === "false" && wheel < 40; wheel += 1) {
        await ada.page.mouse.wheel(0, -400);
        await ada.page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
      }
      await wanted;
      await stands(ada.page);
      const mark = await firstInView(ada.page);
      await expect.poll(() => feed.getAttribute("aria-busy")).toBe("false");
      expect(await drift(ada.page, mark)).toBeLessThanOrEqual(1);
      said += 1;
      await grace.says(`meanwhile ${said}`);
      await ada.shelf.getByText(`${said} new below`).waitFor();
      expect(await drift(ada.page, mark)).toBeLessThanOrEqual(1);
    }
    const oldest = await ada.page.locator("[data-seq]").first().getAttribute("data-seq");
    expect(Number(oldest)).toBeLessThan(4_100);
    await ada.page.getByRole("button", { name: "20 new below" }).click();
    await ada.sees("meanwhile 20");
    await expect.poll(() => hiddenOfLastRow(ada.page)).toBeLessThanOrEqual(1);
    expect(await ada.shelf.getByText("new below").count()).toBe(0);
  },
  FREE,
);

/** A room of many messages, seen at its end in a page that holds only the newest of them. */
async function atTheEndOf(count: number, reader: Person, writer: Person): Promise<void> {
  await writer.floods(count, "line");
  await reader.page.reload();
  await reader.box.waitFor();
  await reader.page.keyboard.press("Escape");
  await reader.sees(`line ${count}`);
}

/** Scrolls up a little: what is said from now on stays below. */
async function leavesTheEnd(who: Person): Promise<void> {
  await who.page.locator(".timeline-scroll").hover();
  await who.page.mouse.wheel(0, -200);
  await who.shelf.getByRole("button", { name: "To the end" }).waitFor();
  await stands(who.page);
}

/** Lets pages of history come at uneven times: some at once, one after the other, some late. */
async function historyIsUneven(who: Person): Promise<void> {
  let pages = 0;
  await who.page.route("**/history?*", async (route) => {
    pages += 1;
    await new Promise((over) => setTimeout(over, [0, 0, 30, 120, 7, 250][pages % 6]));
    await route.continue();
  });
}

/** Somebody who goes on talking until they are stopped. */
function talks(who: Person): { stop(): Promise<void> } {
  let going = true;
  const talk = (async () => {
    for (let said = 1; going; said += 1) {
      await who.says(`meanwhile ${said}`);
      await who.letsPass(120);
    }
  })();
  return {
    async stop() {
      going = false;
      await talk;
    },
  };
}

scenario(
  "T11: at the very top of what is there, a page that comes late moves nothing, page after page",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await atTheEndOf(700, ada, grace);
    await ada.slowsDown(6);
    const held: (() => void)[] = [];
    await ada.page.route("**/history?before=*", async (route) => {
      await new Promise<void>((go) => held.push(go));
      await route.continue();
    });
    const older = ada.page.locator(".timeline-older");
    const view = ada.page.locator(".timeline-scroll");
    await view.hover();
    const isAtTop = async () => ((await older.boundingBox())?.y ?? -1) >= ((await view.boundingBox())?.y ?? 0);
    for (let page = 0; page < 12; page += 1) {
      for (let wheel = 0; wheel < 60 && (held.length === 0 || !(await isAtTop())); wheel += 1) {
        await ada.page.mouse.wheel(0, -400);
        await ada.page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
      }
      await stands(ada.page);
      const marks = await rowsInView(ada.page);
      const first = await ada.page.locator("[data-seq]").first().getAttribute("data-seq");
      const strays = drift(ada.page, marks, 40);
      await grace.says(`meanwhile ${page}`);
      held.shift()?.();
      expect(await strays).toBeLessThanOrEqual(1);
      await expect.poll(() => ada.page.locator("[data-seq]").first().getAttribute("data-seq")).not.toBe(first);
      expect(await drift(ada.page, marks)).toBeLessThanOrEqual(1);
    }
  },
  FREE,
);

scenario(
  "T11: on a slow machine, scrolling up while pages and news arrive meets every row, and none moves by itself",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await atTheEndOf(900, ada, grace);
    await historyIsUneven(ada);
    await ada.slowsDown(6);
    const last = Number(await ada.row("line 900").getAttribute("data-seq"));
    await leavesTheEnd(ada);
    const talk = talks(grace);
    const { strayed, seen } = await climb(ada.page, last - 850, 290);
    await talk.stop();
    expect(strayed).toEqual([]);
    const met = seen.filter((seq) => seq >= last - 850 && seq < last - 50);
    expect(met).toEqual(Array.from({ length: 800 }, (_, at) => last - 850 + at));
  },
  FREE,
);

scenario(
  "T11: on a slow machine, a wheel that is turned fast past many pages moves all rows alike, and only down",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await atTheEndOf(900, ada, grace);
    await historyIsUneven(ada);
    await ada.slowsDown(12);
    const last = Number(await ada.row("line 900").getAttribute("data-seq"));
    await leavesTheEnd(ada);
    const talk = talks(grace);
    let there = false;
    const climbing = climb(ada.page, last - 850, null).finally(() => {
      there = true;
    });
    while (!there) await ada.page.mouse.wheel(0, -180);
    const { strayed } = await climbing;
    await talk.stop();
    expect(strayed).toEqual([]);
  },
  FREE,
);

/** All that can change how much room the timeline has. */
const CHANGES: [string, (who: Person) => Promise<void>][] = [
  ["a smaller window", (who) => who.page.setViewportSize({ width: 1180, height: 560 })],
  ["a narrow window", (who) => who.page.setViewportSize({ width: 900, height: 700 })],
  ["a wide window", (who) => who.page.setViewportSize({ width: 1400, height: 900 })],
  ["an open panel", (who) => who.page.getByRole("button", { name: /^People:/ }).click()],
  ["a box of 8 lines", (who) => who.box.fill("1\n2\n3\n4\n5\n6\n7\n8")],
  ["larger text", (who) => who.page.evaluate(() => document.documentElement.style.setProperty("font-size", "20px"))],
];

async function longRoom(who: Person): Promise<void> {
  const text = `${"a word or two that run on until the line is full and then some more ".repeat(3)}line`;
  await who.floods(60, text);
  await who.sees(`${text} 60`);
}

scenario(
  "T13: at the end the newest row stays whole, whatever changes around it",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await longRoom(ada);
    for (const [what, change] of CHANGES) {
      await change(ada);
      await expect.poll(() => hiddenOfLastRow(ada.page), { message: what }).toBeLessThanOrEqual(1);
    }
  },
  FREE,
);

scenario(
  "T13: in the middle the first row in view stays, whatever changes around it",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await longRoom(ada);
    await ada.page.locator(".timeline-scroll").hover();
    await ada.page.mouse.wheel(0, -1_500);
    await stands(ada.page);
    const view = ada.page.locator(".timeline-scroll");
    for (const [what, change] of CHANGES) {
      const mark = await firstInView(ada.page);
      const top = (await view.boundingBox())?.y ?? 0;
      await change(ada);
      await stands(ada.page);
      const moved = ((await view.boundingBox())?.y ?? 0) - top;
      expect(await drift(ada.page, { ...mark, top: mark.top + moved }), what).toBeLessThanOrEqual(1);
    }
  },
  FREE,
);

scenario(
  "T11: a room left in the middle is found again at the same row, and at its end when it was followed",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await longRoom(ada);
    await ada.makesRoom("other");
    await ada.goesTo("lobby");
    expect(await hiddenOfLastRow(ada.page)).toBeLessThanOrEqual(1);
    await ada.page.locator(".timeline-scroll").hover();
    await ada.page.mouse.wheel(0, -1_300);
    await stands(ada.page);
    const mark = await firstInView(ada.page);
    await ada.goesTo("other");
    await ada.goesTo("lobby");
    expect(await drift(ada.page, mark)).toBeLessThanOrEqual(1);
  },
  FREE,
);

scenario(
  "T11: a room with much unread opens at the first unread row, a third down, and the New line stays until Esc",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await grace.makesRoom("news");
    await ada.joins("news");
    await ada.says("read until here");
    await grace.sees("read until here");
    await ada.goesTo("lobby");
    await grace.floods(70, "new", 2);
    await expect.poll(() => ada.roomInList("news").getAttribute("aria-label")).toBe("news, 70 unread");
    await ada.goesTo("news");
    const line = ada.page.getByRole("separator", { name: "New messages" });
    await line.waitFor();
    const first = await ada.row("new 1").boundingBox();
    const view = await ada.page.locator(".timeline-scroll").boundingBox();
    if (first === null || view === null) throw new Error("nothing to measure");
    expect((first.y - view.y) / view.height).toBeGreaterThan(0.2);
    expect((first.y - view.y) / view.height).toBeLessThan(0.5);
    expect(await line.count()).toBe(1);
    await ada.page.keyboard.press("Escape");
    await expect.poll(() => hiddenOfLastRow(ada.page)).toBeLessThanOrEqual(1);
    await line.waitFor({ state: "detached" });
    await expect.poll(() => ada.roomInList("news").getAttribute("aria-label")).toBe("news");
  },
  FREE,
);
