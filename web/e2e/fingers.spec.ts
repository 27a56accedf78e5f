/** A room under fingers (T39): a message is answered by drawing it to the left, and signs are pills. */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";

/** Draws a finger from the middle of a message so far to the right and down, and lifts it. */
async function draws(who: Person, text: string, [right, down]: readonly [number, number]): Promise<void> {
  const box = await who.row(text).first().boundingBox();
  if (box === null) throw new Error(`"${text}" is not in the page`);
  const wire = await who.context.newCDPSession(who.page);
  const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await wire.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [from] });
  for (let step = 1; step <= 8; step += 1) {
    const at = { x: from.x + (right * step) / 8, y: from.y + (down * step) / 8 };
    await wire.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [at] });
  }
  await wire.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await wire.detach();
}

scenario(
  "T39: a message that is drawn to the left is answered; a little, upwards or over code it is not",
  async (scene) => {
    const ada = await scene.comes("Ada", { width: 390, height: 844, touch: true });
    const grace = await scene.comes("Grace");
    const long = "one line of code that goes on ".repeat(9).trim();
    await grace.says(`\`\`\`\n${long}\n\`\`\``);
    await grace.says("shall we ship?");
    await ada.seesStored("shall we ship?");
    const box = ada.page.getByRole("textbox", { name: "Reply in the thread" });
    const code = ada.page.getByRole("article").filter({ hasText: long });
    await ada.page.waitForFunction(() =>
      performance.getEntriesByType("resource").some(({ name }) => /swipes/.test(name)),
    );
    await draws(ada, "shall we ship?", [-40, 0]);
    await draws(ada, "shall we ship?", [-80, -200]);
    const at = await code.locator("pre").boundingBox();
    if (at === null) throw new Error("no code is in the page");
    const wire = await ada.context.newCDPSession(ada.page);
    const point = (x: number) => [{ x, y: at.y + at.height / 2 }];
    await wire.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: point(300) });
    for (const x of [260, 200, 140])
      await wire.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: point(x) });
    await wire.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await ada.letsPass(300);
    expect(await box.count()).toBe(0);
    expect(
      await ada
        .row("shall we ship?")
        .first()
        .evaluate((row) => row.style.transform),
    ).toBe("");

    await draws(ada, "shall we ship?", [-120, 10]);
    await box.waitFor();
    await box.fill("yes");
    await ada.page.getByRole("complementary", { name: "Thread" }).getByRole("button", { name: "Send" }).click();
    const stub = grace.row("shall we ship?").first().locator(".thread-stub");
    await expect.poll(() => stub.textContent()).toContain("Ada: yes");
  },
);

scenario(
  "T39: a reaction under fingers is a pill as high as its words, in a place as large as a finger",
  async (scene) => {
    const ada = await scene.comes("Ada", { width: 390, height: 844, touch: true });
    const grace = await scene.comes("Grace");
    await grace.says("shipped");
    await grace.seesStored("shipped");
    await grace.row("shipped").first().focus();
    await grace.page.keyboard.press("+");
    await grace.page.getByRole("searchbox", { name: "Search emoji" }).fill("tada");
    await grace.page.keyboard.press("Enter");
    const chip = ada.row("shipped").first().locator(".reaction");
    const place = await chip.boundingBox();
    expect(place?.width).toBeGreaterThanOrEqual(44);
    expect(place?.height).toBeGreaterThanOrEqual(44);
    const drawn = await chip.evaluate((chip) => {
      const { width, height } = getComputedStyle(chip, "::before");
      return Number.parseFloat(width) / Number.parseFloat(height);
    });
    expect(drawn).toBeGreaterThan(1.4);
  },
);
