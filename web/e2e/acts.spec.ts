/** What is done about a message by its bar, its menu and its keys; and a day that is gone to (UX 3.7.11, 3.7.4). */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";
import { focus } from "./senses";

/** What is in the clipboard of a page's browser. */
async function clipboard(who: Person): Promise<string> {
  await who.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  return who.page.evaluate(() => navigator.clipboard.readText());
}

scenario("T35: L copies the link of a message, and whoever opens it is shown that message", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await grace.says("look at this");
  await ada.seesStored("look at this");
  await clipboard(ada);
  await ada.row("look at this").focus();
  await ada.page.keyboard.press("l");
  await ada.shelf.getByText("Copied").waitFor();
  const link = await clipboard(ada);
  const seq = await ada.row("look at this").getAttribute("data-seq");
  expect(new URL(link).pathname).toBe(`/r/1/m/${seq}`);
  expect((await focus(ada)).what).toContain("look at this");

  await grace.page.goto(link);
  await grace.seesStored("look at this");
  await expect.poll(() => grace.row("look at this").getAttribute("class")).toContain("target");
});

scenario("T35: the bar shows over a message with the pointer, and moves nothing", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  for (const text of ["one", "two"]) await grace.says(text);
  await ada.seesStored("two");
  const before = await ada.topOf("two");
  await ada.row("two").hover();
  const bar = ada.row("two").getByRole("toolbar", { name: "What to do about the message of Grace" });
  await expect.poll(() => bar.evaluate((element) => getComputedStyle(element).opacity)).toBe("1");
  expect(await ada.topOf("two")).toBe(before);
  expect(await bar.getByRole("button").allTextContents()).toEqual(["React", "Reply", "Copy link", ""]);
  await clipboard(ada);
  await bar.getByRole("button", { name: "Copy link" }).click();
  expect(await clipboard(ada)).toContain("/r/1/m/");
});

scenario(
  "T35: the other button opens the menu where it was pressed, over a link the browser's own comes",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await ada.says("plain words");
    await ada.says("https://example.org/");
    await ada.seesStored("https://example.org/");
    const menu = ada.page.getByRole("menu", { name: "More about the message of Ada" });
    const box = await ada.row("plain words").boundingBox();
    if (box === null) throw new Error("no row");
    const [x, y] = [box.x + 150, box.y + box.height - 8];
    await ada.page.mouse.click(x, y, { button: "right" });
    await menu.waitFor();
    const shown = await menu.boundingBox();
    expect(Math.abs((shown?.x ?? 0) - x)).toBeLessThan(8);
    await ada.page.keyboard.press("Escape");
    await menu.waitFor({ state: "detached" });
    await ada.page.getByRole("link", { name: "https://example.org/" }).click({ button: "right" });
    await ada.letsPass(200);
    expect(await menu.count()).toBe(0);
  },
);

scenario(
  "T11: a day is gone to from the room's menu, however far back, and is outlined",
  async (scene) => {
    const ada = await scene.comes("Ada");
    const old = new Date();
    scene.house.setClock(new Date(old.getTime() - 3 * 86_400_000));
    await ada.says("three days ago");
    await ada.seesStored("three days ago");
    scene.house.setClock(old);
    await ada.floods(150, "today");
    await ada.page.reload();
    await ada.seesStored("today 150");
    expect(await ada.row("three days ago").count()).toBe(0);
    await ada.page.getByRole("button", { name: "More about lobby" }).click();
    await ada.page.getByRole("menuitem", { name: "Jump to a date" }).click();
    const dialog = ada.page.getByRole("dialog", { name: "Jump to a date" });
    await dialog.getByLabel("Day").fill(new Date(old.getTime() - 4 * 86_400_000).toISOString().slice(0, 10));
    await dialog.getByRole("button", { name: "Show" }).click();
    await dialog.waitFor({ state: "detached" });
    await ada.seesStored("three days ago");
    await expect.poll(() => ada.row("three days ago").getAttribute("class")).toContain("target");
  },
  { flags: ["--rate-limits", "off"], clock: true },
);
