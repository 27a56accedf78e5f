/** Nothing typed is lost, in whichever tab (T14, T15, T16). */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";

function caret(who: Person): Promise<number> {
  return who.box.evaluate((box) => (box as HTMLTextAreaElement).selectionStart);
}

/** Types into the box and puts the caret in the middle of it. */
async function drafts(who: Person, text: string, at: number): Promise<void> {
  await who.box.pressSequentially(text);
  for (let back = text.length; back > at; back -= 1) await who.box.press("ArrowLeft");
}

async function findsDrafts(who: Person, expected: readonly (readonly [string, string, number])[]): Promise<void> {
  for (const [room, text, at] of expected) {
    await who.goesTo(room);
    expect(await who.box.inputValue()).toBe(text);
    expect(await caret(who)).toBe(at);
  }
}

scenario(
  "T14: drafts in three rooms are there after a switch, a reload and a crash, and a sent one is gone",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await ada.makesRoom("engineering");
    await ada.makesRoom("relay");
    const all = [
      ["lobby", "half a thought", 4],
      ["engineering", "and another", 7],
      ["relay", "the third", 9],
    ] as const;
    for (const [room, text, at] of all) {
      await ada.goesTo(room);
      await drafts(ada, text, at);
    }
    for (const room of ["lobby", "engineering"]) {
      expect(await ada.roomInList(room).getAttribute("aria-label")).toBe(`${room}, draft`);
    }
    await findsDrafts(ada, all);
    await ada.page.reload();
    await ada.box.waitFor();
    await findsDrafts(ada, all);

    // The last key is as old as the promise says (300 ms), then the page ends without being told.
    await ada.box.press("!");
    await ada.letsPass(400);
    const gone = ada.page.waitForEvent("crash");
    const killer = await ada.context.newCDPSession(ada.page);
    void killer.send("Page.crash").catch(() => undefined);
    await gone;
    const again = await scene.anotherTab(ada);
    const after = [all[0], all[1], ["relay", "the third!", 10]] as const;
    await findsDrafts(again, after);

    await again.goesTo("lobby");
    await again.box.press("Enter");
    await again.seesStored("half a thought");
    await again.page.reload();
    await again.box.waitFor();
    await findsDrafts(again, [["lobby", "", 0], after[1], after[2]]);
  },
);

scenario(
  "T14: a draft is its writer's alone: who comes in after them in the same browser does not see it",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await ada.box.pressSequentially("for nobody else");
    await ada.page.getByRole("button", { name: "You and your settings" }).click();
    await ada.page.getByRole("menuitem", { name: "Sign out" }).click();
    await ada.comesIn("Grace");
    expect(await ada.box.inputValue()).toBe("");
  },
);

scenario(
  "T15: while the box holds text, Alt and Ctrl with arrows belong to it; an empty box lets them change rooms",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await ada.makesRoom("engineering");
    await ada.goesTo("lobby");
    await ada.box.pressSequentially("some words");
    await ada.box.press("Home");
    for (const keys of [
      "Alt+ArrowDown",
      "Alt+ArrowUp",
      "Alt+Shift+ArrowDown",
      "Control+ArrowUp",
      "Control+ArrowRight",
    ]) {
      await ada.page.keyboard.press(keys);
      await ada.isIn("lobby");
      expect(await ada.box.inputValue()).toBe("some words");
      expect(await ada.box.evaluate((box) => box === document.activeElement)).toBe(true);
    }
    await ada.box.fill("");
    await ada.page.keyboard.press("Alt+ArrowDown");
    await ada.isIn("engineering");
    await ada.page.keyboard.press("Alt+ArrowUp");
    await ada.isIn("lobby");
  },
);

scenario(
  "T16: a draft shows in the other tab, goes with the message, and the message is there once for everybody",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    const tab = await scene.anotherTab(ada);
    await ada.page.bringToFront();
    await ada.box.pressSequentially("from two tabs");
    await expect.poll(() => tab.box.inputValue()).toBe("from two tabs");
    await ada.box.press("Enter");
    await expect.poll(() => tab.box.inputValue()).toBe("");
    for (const person of [ada, tab, grace]) {
      await person.seesStored("from two tabs");
      expect(await person.texts()).toEqual(["from two tabs"]);
    }
  },
);

scenario(
  "T16: what a tab says that does not send itself goes out once, and what was refused is settled in both",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    const tab = await scene.anotherTab(ada);
    for (const text of ["one", "two", "three"]) await tab.says(text);
    await grace.sees("three");
    for (const person of [ada, tab, grace]) {
      await person.seesStored("three");
      await expect.poll(() => person.texts()).toEqual(["one", "two", "three"]);
    }
    await tab.says("bell \u0007 rings");
    for (const person of [ada, tab]) await person.page.getByText("Not sent").waitFor();
    await tab.box.fill("kept");
    await tab.page.locator(".row-reason").getByRole("button", { name: "Edit" }).click();
    expect(await tab.box.inputValue()).toBe("bell \u0007 rings\nkept");
    for (const person of [ada, tab]) await person.page.getByText("Not sent").waitFor({ state: "detached" });
  },
);
