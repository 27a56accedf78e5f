/** Rooms and people without a mouse, under a finger, and under the eyes of axe (T35). */

import { expect } from "vitest";
import type { Look, Person } from "./people";
import { type Scene, scenario } from "./scene";
import { graveFindings, LOOKS, missedByFinger } from "./senses";

const FREE = { flags: ["--rate-limits", "off"] };

const BY_TOUCH: [string, Look][] = [...LOOKS, ["on a telephone", { width: 390, height: 844, touch: true }]];

/** Goes through every screen that this is about; `look` is called at each. */
async function walk(scene: Scene, ada: Person, narrow: boolean, look: (where: string) => Promise<void>): Promise<void> {
  const { page } = ada;
  const list = async () => {
    if (narrow) await page.getByRole("button", { name: "Back to the rooms" }).click();
  };
  const grace = await scene.comes("Grace");
  await list();
  await page.getByText("All people").click();
  await ada.personInList("Grace").waitFor();
  await look("everyone");
  await ada.personInList("Grace").getByRole("button", { name: "Grace", exact: true }).click();
  await page.getByRole("dialog", { name: "About Grace" }).getByText("here now").waitFor();
  await look("a card");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Message several" }).click();
  await page.getByRole("dialog").getByRole("checkbox").first().waitFor();
  await look("choosing people");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Message Grace" }).click();
  await ada.isIn("Grace");
  await look("a direct room");
  await list();
  await look("the list with people in it");
  await page.getByText("Browse all rooms").click();
  await page.getByRole("button", { name: "New room" }).click();
  await page.getByLabel("Name").fill("board");
  await page.getByRole("radio", { name: "Closed" }).check();
  await look("a new room");
  await page.getByRole("button", { name: "Make room" }).click();
  await ada.isIn("board");
  await look("a closed room");
  await ada.opensDetails();
  await page.getByRole("button", { name: "Add people" }).click();
  await page.getByRole("dialog").getByLabel("Grace").check();
  await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: "More about Grace" }).waitFor();
  await look("details");
  await page.getByRole("button", { name: "Leave this room" }).click();
  await look("leaving");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Archive this room" }).click();
  await page.getByRole("button", { name: "Take this room up again" }).waitFor();
  await page.getByRole("button", { name: "Close room details" }).click();
  await look("an archived room");
  await grace.goesTo("lobby");
  await grace.says("a word");
  await list();
  await ada.goesTo("lobby");
  await ada.sees("a word");
  await ada.row("a word").click();
  await ada
    .row("a word")
    .getByRole("button", { name: /^More about the message/ })
    .click();
  await page.getByRole("menuitem", { name: "Report" }).waitFor();
  await look("the menu of a message");
  await page.getByRole("menuitem", { name: "Report" }).click();
  await page.getByRole("dialog").getByRole("textbox").waitFor();
  await look("reporting");
  await page.keyboard.press("Escape");
  await ada
    .row("a word")
    .getByRole("button", { name: /^More about the message/ })
    .click();
  await page.getByRole("menuitem", { name: "About" }).click();
  await page.getByRole("button", { name: "Block" }).click();
  await page.keyboard.press("Escape");
  await page.getByText("Message from somebody you blocked.").waitFor();
  await look("a folded message");
  await page.goto(`${scene.house.url}/r/999`);
  await page.getByText("There is no room at this address").waitFor();
  await look("no room");
  await page.goto(`${scene.house.url}/nowhere`);
  await page.getByRole("heading", { name: "Nothing here" }).waitFor();
  await look("nowhere");
}

for (const [how, look] of BY_TOUCH) {
  scenario(
    `T35: axe finds nothing serious ${how} on any screen of rooms and people, and a finger misses nothing`,
    async (scene) => {
      const found: string[] = [];
      const ada = await scene.comes("Ada", look);
      await walk(scene, ada, (look.width ?? 1280) < 760, async (where) => {
        found.push(...(await graveFindings(ada, where)));
        const wide = await ada.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) found.push(`${where}: ${wide} px too wide`);
        if (look.touch === true)
          found.push(...(await ada.page.evaluate(missedByFinger)).map((missed) => `${where}: ${missed}`));
      });
      expect(found).toEqual([]);
    },
    FREE,
  );
}

scenario(
  "T35: without a mouse: a closed room, somebody added and made its manager, a word to them alone, and back",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    const { page } = ada;
    const focused = () =>
      page.evaluate(() => {
        const at = document.activeElement;
        const label = at?.closest("label")?.textContent;
        return at?.getAttribute("aria-label") ?? label ?? at?.textContent ?? "";
      });
    const tabTo = async (name: string | RegExp) => {
      for (let step = 0; step < 60; step += 1) {
        const now = await focused();
        if (typeof name === "string" ? now === name : name.test(now)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`${name} is not reached by the Tab key`);
    };
    await page.keyboard.press("F6");
    await page.keyboard.press("b");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "New room" }).waitFor();
    await tabTo("New room");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "New room" }).waitFor();
    await page.keyboard.type("board");
    await tabTo(/^Open/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await ada.isIn("board");
    await page.getByRole("img", { name: "Closed room" }).waitFor();
    await page.keyboard.press("Control+.");
    await page.keyboard.press("F6");
    await expect.poll(focused).toBe("Close room details");
    await page.getByRole("button", { name: "Add people" }).waitFor();
    await tabTo("Add people");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Add people" }).waitFor();
    await page.keyboard.type("gra");
    await page.getByRole("checkbox").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await ada.personInList("Grace").waitFor();
    await expect.poll(focused).toBe("Add people");
    await tabTo("More about Grace");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("Let them look after this room");
    await page.keyboard.press("Enter");
    await ada.personInList("Grace").getByText("looks after this room").waitFor();
    await expect.poll(focused).toBe("More about Grace");
    await page.keyboard.press("Shift+Tab");
    await expect.poll(focused).toBe("Grace");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("Message");
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Grace");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("Message");
    await page.keyboard.press("Enter");
    await ada.isIn("Grace");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Message Grace");
    await page.keyboard.type("by hand");
    await page.keyboard.press("Enter");
    await grace.goesTo("Ada");
    await grace.sees("by hand");
  },
);
