/** What is new is said in the list, the title and the icon, and it is true (READ-1, READ-2, UX 3.7.5). */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";

const FREE = { flags: ["--rate-limits", "off"] };

function icon(who: Person): Promise<string | null> {
  return who.page.locator('link[rel="icon"]').getAttribute("href");
}

/** How the list names a room: with what is new in it. */
async function isListed(who: Person, room: string, label: string): Promise<void> {
  await expect.poll(() => who.roomInList(room).getAttribute("aria-label")).toBe(label);
}

scenario(
  "T17: what is new in another room stands in list, title and icon of every device, and goes from all when it is read",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("news");
    await grace.joins("news");
    await ada.goesTo("lobby");
    const second = await scene.anotherTab(ada);
    await second.goesTo("lobby");
    // Rows of the list move only while no pointer is over them.
    for (const device of [ada, second]) await device.page.mouse.move(700, 300);
    expect(await ada.page.title()).toBe("lobby — Parlour");
    await grace.floods(5, "news", 2);
    for (const device of [ada, second]) {
      await isListed(device, "news", "news, 5 unread");
      expect(await device.page.title()).toBe("• lobby — Parlour");
      expect(await icon(device)).toBe("/icon-unread.svg");
      await device.page.locator(".rail-section", { hasText: "Unread" }).getByText("news").waitFor();
    }
    await ada.goesTo("news");
    for (const device of [ada, second]) await isListed(device, "news", "news");
    await expect.poll(() => second.page.title()).toBe("lobby — Parlour");
    expect(await icon(second)).toBe("/icon.svg");
    await grace.floods(120, "much", 2);
    await isListed(second, "news", "news");
    await ada.goesTo("lobby");
    await grace.floods(120, "more", 2);
    await isListed(second, "news", "news, 99+ unread");
  },
  FREE,
);

scenario("T19: what comes while nobody looks is not read, and has a New line above the first of it", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await grace.says("seen");
  await ada.sees("seen");
  await expect.poll(() => ada.page.title()).toBe("lobby — Parlour");
  // Somebody looks at another window: the page stays visible and loses the focus.
  await ada.page.evaluate(() => {
    document.hasFocus = () => false;
    window.dispatchEvent(new Event("blur"));
  });
  for (const text of ["one", "two", "three"]) await grace.says(text);
  await ada.sees("three");
  const line = ada.page.getByRole("separator", { name: "New messages" });
  await line.waitFor();
  expect(await ada.row("one").getByRole("separator", { name: "New messages" }).count()).toBe(1);
  await isListed(ada, "lobby", "lobby, 3 unread");
  await ada.page.evaluate(() => {
    document.hasFocus = () => true;
    window.dispatchEvent(new Event("focus"));
  });
  await isListed(ada, "lobby", "lobby");
  expect(await line.count()).toBe(1);
  await ada.says("an answer");
  await line.waitFor({ state: "detached" });
});

scenario("T20: what is marked unread by hand stays so until the room is left and entered again", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await ada.makesRoom("other");
  await ada.goesTo("lobby");
  for (const text of ["one", "two", "three"]) await grace.says(text);
  await ada.sees("three");
  await isListed(ada, "lobby", "lobby");
  await ada.row("two").focus();
  await ada.page.keyboard.press("u");
  await isListed(ada, "lobby", "lobby, 2 unread");
  // Twice as long as looking at it would take to make it read.
  await ada.letsPass(1_300);
  await isListed(ada, "lobby", "lobby, 2 unread");
  await ada.goesTo("other");
  await ada.goesTo("lobby");
  expect(await ada.row("two").getByRole("separator", { name: "New messages" }).count()).toBe(1);
  await isListed(ada, "lobby", "lobby");
});

scenario(
  "T28: Alt+Shift with arrows goes through what is unread, Shift+Esc marks it all read and Undo takes that back",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    for (const room of ["alpha", "beta", "gamma"]) {
      await grace.makesRoom(room);
      await ada.joins(room);
    }
    await ada.goesTo("lobby");
    await grace.floods(2, "to alpha", 2);
    await grace.floods(3, "to gamma", 4);
    await isListed(ada, "alpha", "alpha, 2 unread");
    await isListed(ada, "gamma", "gamma, 3 unread");
    await ada.box.focus();
    await ada.page.keyboard.press("Shift+Escape");
    await isListed(ada, "alpha", "alpha");
    await isListed(ada, "gamma", "gamma");
    await ada.shelf.getByRole("button", { name: "Undo" }).click();
    await isListed(ada, "alpha", "alpha, 2 unread");
    await isListed(ada, "gamma", "gamma, 3 unread");
    await ada.box.focus();
    await ada.page.keyboard.press("Alt+Shift+ArrowDown");
    await ada.isIn("alpha");
    await isListed(ada, "alpha", "alpha");
    await ada.page.keyboard.press("Alt+Shift+ArrowDown");
    await ada.isIn("gamma");
  },
  FREE,
);
