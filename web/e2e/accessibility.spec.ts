/** Everything by keyboard, nothing that axe finds serious, in light, dark, large and small (T35). */

import { expect } from "vitest";
import { scenario } from "./scene";
import { focus, graveFindings, LOOKS } from "./senses";

const FREE = { flags: ["--rate-limits", "off"] };

for (const [how, look] of LOOKS) {
  scenario(
    `T35: axe finds nothing serious ${how}, on any screen`,
    async (scene) => {
      const narrow = (look.width ?? 1280) < 760;
      const found: string[] = [];
      const grace = await scene.comes("Grace");
      const ada = await scene.visitor(look);
      const look_at = async (where: string) => {
        found.push(...(await graveFindings(ada, where)));
        const wide = await ada.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) found.push(`${where}: ${wide} px too wide`);
      };
      await look_at("the first visit");
      await ada.page.getByLabel("Your name").fill("Grace");
      await ada.page.keyboard.press("Enter");
      await ada.page.getByRole("alert").waitFor();
      await look_at("a name that is taken");
      await ada.comesIn("Ada");
      await look_at("the lobby");
      await grace.floods(70, `https://example.org/${"long".repeat(40)} said`);
      await ada.says("one's own");
      await ada.says("bell \u0007");
      await ada.page.getByRole("button", { name: "Retry" }).waitFor();
      await look_at("a busy room");
      await ada.page.getByRole("button", { name: "More about lobby" }).click();
      await look_at("the menu of a room");
      await ada.page.keyboard.press("Escape");
      await ada.page.getByRole("button", { name: /^People:/ }).click();
      await ada.page.getByRole("complementary", { name: "Room details" }).getByText("Grace").waitFor();
      await look_at("the details of a room");
      await ada.page.keyboard.press("Escape");
      if (narrow) await ada.page.getByRole("button", { name: "Back to the rooms" }).click();
      await look_at("the rooms");
      await ada.page.getByRole("button", { name: "You and your settings" }).click();
      await look_at("one's own menu");
      await ada.page.keyboard.press("Escape");
      await ada.page.getByText("Browse all rooms").click();
      await ada.page.getByRole("heading", { level: 2, name: "lobby" }).waitFor();
      await look_at("all rooms");
      await ada.page.getByRole("button", { name: "New room" }).click();
      await ada.page.getByLabel("Name").fill("lobby");
      await ada.page.getByRole("button", { name: "Make room" }).click();
      await ada.page.getByRole("alert").waitFor();
      await look_at("a new room that is refused");
      await ada.page.getByLabel("Name").fill("engineering");
      await ada.page.getByRole("button", { name: "Make room" }).click();
      await ada.isIn("engineering");
      await look_at("a new room");
      expect(found).toEqual([]);
    },
    FREE,
  );
}

scenario(
  "T35: without a mouse: in, through the regions, ten rows up, a word, another room, a menu, a panel",
  async (scene) => {
    const ada = await scene.visitor();
    const press = async (keys: string, then: string) => {
      await ada.page.keyboard.press(keys);
      await expect.poll(() => focus(ada), { message: keys }).toEqual({ what: then, seen: true });
    };
    // Nobody types before there is something to type in.
    const field = ada.page.getByLabel("Your name");
    await expect.poll(() => field.evaluate((name) => name === document.activeElement)).toBe(true);
    await ada.page.keyboard.type("Ada");
    await press("Enter", "Message #lobby");
    const grace = await scene.comes("Grace");
    await grace.makesRoom("engineering");
    await grace.goesTo("lobby");
    await grace.floods(20, "line");
    await ada.sees("line 20");

    await expect.poll(() => ada.page.title()).toBe("lobby — Parlour");
    await press("F6", "lobby");
    await press("Control+F6", "line 20");
    await press("F6", "Message #lobby");
    await press("Shift+F6", "line 20");
    for (let row = 19; row >= 11; row -= 1) await press("ArrowUp", `line ${row}`);
    await press("Home", "lobby");
    await press("j", "Grace joined");
    await press("End", "line 20");
    await press("ArrowUp", "line 19");
    // Nobody who speaks takes the focus away.
    await grace.floods(30, "more");
    await ada.sees("more 30");
    expect(await focus(ada)).toEqual({ what: "line 19", seen: true });

    await press("Escape", "Message #lobby");
    await press("Control+ArrowUp", "more 30");
    await press("Escape", "Message #lobby");
    await ada.page.keyboard.type("by hand");
    await ada.page.keyboard.press("Enter");
    await grace.sees("by hand");

    await expect.poll(() => ada.page.title()).toBe("lobby — Parlour");
    await press("F6", "lobby");
    await press("b", "Browse all rooms");
    await ada.page.keyboard.press("Enter");
    await ada.page.getByRole("button", { name: "Join engineering" }).focus();
    await ada.page.keyboard.press("Enter");
    await ada.isIn("engineering");
    await expect.poll(() => focus(ada)).toEqual({ what: "Message #engineering", seen: true });
    await press("Alt+ArrowUp", "Message #lobby");

    await ada.page.keyboard.press("Control+.");
    await ada.page.getByRole("complementary", { name: "Room details" }).waitFor();
    await press("F6", "Close room details");
    await press("Escape", "Message #lobby");
    expect(await ada.page.getByRole("complementary").count()).toBe(0);
  },
  FREE,
);
