/** Rooms are made, named, joined and left, on wide and narrow screens; Back undoes every step (ROOM-1 to ROOM-4, UX 3.2). */

import { expect } from "vitest";
import { hiddenOfLastRow } from "./pixels";
import { scenario } from "./scene";
import { missedByFinger } from "./senses";

scenario(
  "ROOM-3: making, joining, renaming and leaving a room are told in it by name, and the list follows",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("engineering");
    await ada.page.getByText(/^Ada made this room on /).waitFor();
    await grace.joins("engineering");
    await expect.poll(() => ada.lines()).toEqual(["Grace joined"]);
    await ada.says("still the old name");
    await grace.sees("still the old name");
    await grace.page.getByRole("button", { name: "More about engineering" }).click();
    await grace.page.getByRole("menuitem", { name: "Rename" }).click();
    await grace.page.getByRole("textbox", { name: "Name", exact: true }).fill("relay");
    await grace.page.getByLabel("Topic").fill("what comes through");
    await grace.page.getByRole("button", { name: "Save" }).click();
    for (const person of [ada, grace]) {
      await person.isIn("relay");
      await expect.poll(() => person.lines()).toContain("Grace renamed the room to relay");
      await person.roomInList("relay").waitFor();
      await expect.poll(() => person.page.title()).toBe("relay — Parlour");
    }
    await grace.page.getByRole("button", { name: "More about relay" }).click();
    await grace.page.getByRole("menuitem", { name: "Leave" }).click();
    await grace.isIn("lobby");
    expect(await grace.roomInList("relay").count()).toBe(0);
    await ada.says("between us");
    await ada.seesStored("between us");
    await grace.joins("relay");
    // An open room is open to its beginning, for who joins it again as for anybody.
    await expect.poll(() => grace.texts()).toEqual(["still the old name", "between us"]);
  },
);

scenario("a room that is made before the page has its connection is made as soon as it has", async (scene) => {
  const ada = await scene.comes("Ada");
  let letThrough = (): void => undefined;
  const gate = new Promise<void>((open) => {
    letThrough = open;
  });
  await ada.page.routeWebSocket("**/ws", async (socket) => {
    await gate;
    socket.connectToServer();
  });
  await ada.page.reload();
  await ada.box.waitFor();
  const made = ada.makesRoom("news");
  await ada.page.getByRole("button", { name: "Make room" }).and(ada.page.locator(":focus")).waitFor();
  expect(await ada.page.getByRole("alert").count()).toBe(0);
  letThrough();
  await made;
});

scenario(
  "an address of a message opens its room around it, with an outline until the next key",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await grace.floods(400, "line");
    await ada.sees("line 400");
    const seq = (await ada.row("line 400").getAttribute("data-seq")) ?? "";
    await ada.page.goto(`${scene.house.url}/r/1/m/${Number(seq) - 300}`);
    await ada.sees("line 100");
    const outlined = ada.page.locator(".timeline-row.target .row-body");
    await expect.poll(() => outlined.allInnerTexts()).toEqual(["line 100"]);
    await expect.poll(() => ada.page.locator(".timeline-row.target").isVisible()).toBe(true);
    expect(new URL(ada.page.url()).pathname).toBe(`/r/1/m/${Number(seq) - 300}`);
    await ada.page.keyboard.press("Shift");
    await expect.poll(() => outlined.count()).toBe(0);
  },
  { flags: ["--rate-limits", "off"] },
);

scenario("Back undoes each step: another room, the list of all rooms, the panel", async (scene) => {
  const ada = await scene.comes("Ada");
  await ada.makesRoom("engineering");
  await ada.page.getByRole("button", { name: /^People:/ }).click();
  const panel = ada.page.getByRole("complementary", { name: "Room details" });
  await panel.waitFor();
  await ada.goesTo("lobby");
  await panel.waitFor();
  await ada.page.goBack();
  await ada.isIn("engineering");
  await ada.page.goBack();
  await panel.waitFor({ state: "detached" });
  await ada.isIn("engineering");
  await ada.page.goBack();
  await ada.page.getByRole("heading", { level: 1, name: "Browse all rooms" }).waitFor();
  await ada.page.goBack();
  await ada.isIn("lobby");
});

scenario(
  "on a telephone there is one screen at a time, every target is 44 px, and Enter makes a new line",
  async (scene) => {
    const grace = await scene.comes("Grace");
    const ada = await scene.visitor({ width: 390, height: 844, touch: true });
    const small = () => ada.page.evaluate(missedByFinger);
    expect(await small()).toEqual([]);
    await ada.comesIn("Ada");
    await ada.isIn("lobby");
    await ada.box.tap();
    await ada.page.keyboard.type("one");
    await ada.page.keyboard.press("Enter");
    await ada.page.keyboard.type("two");
    expect(await ada.box.inputValue()).toBe("one\ntwo");
    await ada.page.getByRole("button", { name: "Send" }).tap();
    await grace.sees("one\ntwo");
    await grace.says("an answer");
    await ada.sees("an answer");
    expect(await hiddenOfLastRow(ada.page)).toBeLessThanOrEqual(1);
    expect(await small()).toEqual([]);
    await ada.page.getByRole("button", { name: /^People:/ }).tap();
    const panel = ada.page.getByRole("complementary", { name: "Room details" });
    await panel.getByText("Grace").waitFor();
    expect((await panel.boundingBox())?.width).toBe(390);
    expect(await small()).toEqual([]);
    await ada.page.goBack();
    await panel.waitFor({ state: "detached" });
    await ada.isIn("lobby");
    await ada.page.getByRole("button", { name: "Back to the rooms" }).tap();
    await ada.roomInList("lobby").waitFor();
    expect(await ada.box.count()).toBe(0);
    expect(await small()).toEqual([]);
    await ada.roomInList("lobby").tap();
    await ada.isIn("lobby");
    await ada.page.goBack();
    await ada.roomInList("lobby").waitFor();
    // Turned on its side there is room for both again.
    await ada.page.setViewportSize({ width: 844, height: 390 });
    await ada.isIn("lobby");
    await ada.roomInList("lobby").waitFor();
  },
);

scenario(
  "the list is as wide as it is drawn, by hand or by keys, within its bounds, and so it stays",
  async (scene) => {
    const ada = await scene.comes("Ada");
    const edge = ada.page.getByRole("separator", { name: "Width of the list of rooms" });
    const width = async () => (await ada.page.locator("#rooms").boundingBox())?.width;
    expect(await width()).toBe(248);
    await edge.hover();
    await ada.page.mouse.down();
    await ada.page.mouse.move(300, 300, { steps: 5 });
    await ada.page.mouse.up();
    expect(await width()).toBe(300);
    await edge.focus();
    await ada.page.keyboard.press("ArrowLeft");
    expect([await width(), await edge.getAttribute("aria-valuenow")]).toEqual([284, "284"]);
    await ada.page.reload();
    await ada.box.waitFor();
    expect(await width()).toBe(284);
    await edge.focus();
    await ada.page.keyboard.press("End");
    expect(await width()).toBe(360);
    await edge.dblclick();
    expect(await width()).toBe(248);
  },
);
