/** What a screen reader is told, and what it finds (T34). */

import { expect } from "vitest";
import { stands } from "./pixels";
import { scenario } from "./scene";

/** What is spoken is gathered for two seconds first. */
const SOON = { timeout: 5_000 };

scenario(
  "T34: a new message is spoken once, a burst in one sentence, history never",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await grace.floods(600, "old");
    await ada.page.reload();
    await ada.box.waitFor();
    await ada.page.keyboard.press("Escape");
    await ada.sees("old 600");
    expect(await ada.log.allInnerTexts()).toEqual([]);
    await grace.says("good morning");
    await expect.poll(() => ada.log.allInnerTexts(), SOON).toEqual(["Grace: good morning"]);
    await grace.floods(8, "quick");
    await expect
      .poll(() => ada.log.allInnerTexts(), SOON)
      .toEqual(["Grace: good morning", "8 new messages, latest from Grace"]);
    await ada.page.locator(".timeline-scroll").hover();
    for (let wheel = 0; wheel < 60 && (await ada.row("old 90").count()) === 0; wheel += 1) {
      await ada.page.mouse.wheel(0, -600);
      await stands(ada.page);
    }
    await ada.sees("old 90");
    expect(await ada.log.allInnerTexts()).toHaveLength(2);
    await ada.says("spoken to others only");
    await ada.seesStored("spoken to others only");
    await grace.says("last");
    await expect
      .poll(() => ada.log.allInnerTexts(), SOON)
      .toEqual(["Grace: good morning", "8 new messages, latest from Grace", "Grace: last"]);
  },
  { flags: ["--rate-limits", "off"] },
);

scenario("T34: a row is named by who and what, described by when, and grouped rows keep their name", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await grace.says("first");
  await grace.says("second");
  await ada.seesStored("second");
  await ada.page.getByRole("feed", { name: "Messages in lobby" }).waitFor();
  const eyes = await ada.context.newCDPSession(ada.page);
  const { nodes } = await eyes.send("Accessibility.getFullAXTree");
  const rows = nodes
    .filter((node) => node.role?.value === "article")
    .map((node) => ({
      name: String(node.name?.value),
      time: /^\d\d:\d\d$/.test(String(node.description?.value)),
    }));
  expect(rows.slice(-2)).toEqual([
    { name: "Grace first", time: true },
    { name: "Grace second", time: true },
  ]);
  const roles = nodes.filter((node) => !node.ignored).map((node) => `${node.role?.value} ${node.name?.value}`);
  for (const part of [
    "navigation Rooms",
    "main lobby",
    "region Messages",
    "form Write a message",
    "textbox Message #lobby",
  ])
    expect(roles).toContain(part);
});
