/** Anywhere from the keyboard: the switcher and the sheet of keys (T27, T35). */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";
import { focus, graveFindings, LOOKS } from "./senses";

/** Opens the switcher, types, and says what is offered. */
async function asksFor(who: Person, text: string): Promise<readonly string[]> {
  await who.page.keyboard.press("Control+k");
  const field = who.page.getByRole("combobox", { name: "Jump to a room or a person" });
  await field.waitFor();
  await field.pressSequentially(text);
  return who.page.getByRole("option").allInnerTexts();
}

scenario(
  "T27: Ctrl+K goes to the room before, a room by a few letters, a person and a command, and Esc leaves all as it was",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await scene.comes("Grace");
    await ada.makesRoom("relay");
    await ada.makesRoom("engineering");
    await ada.goesTo("lobby");

    await asksFor(ada, "");
    await ada.page.keyboard.press("Enter");
    await ada.isIn("engineering");
    expect((await focus(ada)).what).toBe("Message #engineering");

    expect((await asksFor(ada, "rel"))[0]).toContain("relay");
    await ada.page.keyboard.press("Enter");
    await ada.isIn("relay");

    expect((await asksFor(ada, "egn"))[0]).toContain("engineering");
    await ada.page.keyboard.press("Escape");
    await ada.isIn("relay");

    await asksFor(ada, "@gr");
    await ada.page.getByRole("option", { name: "Grace" }).waitFor();
    await ada.page.keyboard.press("Enter");
    await ada.isIn("Grace");

    await asksFor(ada, ">dark");
    await ada.page.keyboard.press("Enter");
    await expect.poll(() => ada.page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");

    await ada.goesTo("lobby");
    await ada.box.pressSequentially("half a thought");
    await ada.box.press("ArrowLeft");
    await asksFor(ada, "eng");
    await ada.page.keyboard.press("Escape");
    await ada.isIn("lobby");
    expect((await focus(ada)).what).toBe("Message #lobby");
    expect(await ada.box.inputValue()).toBe("half a thought");
    await expect.poll(() => ada.box.evaluate((box) => (box as HTMLTextAreaElement).selectionStart)).toBe(13);
  },
);

scenario("T27: arrows go round, and a room of others is joined by choosing it", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await grace.makesRoom("greenhouse");
  await ada.isIn("lobby");
  await asksFor(ada, "gr");
  const option = (name: string) => ada.page.getByRole("option", { name });
  await option("greenhouse").waitFor();
  await option("Grace").waitFor();
  expect(await option("Grace").getAttribute("aria-selected")).toBe("true");
  await ada.page.keyboard.press("ArrowUp");
  expect(await option("greenhouse").getAttribute("aria-selected")).toBe("true");
  await ada.page.keyboard.press("ArrowDown");
  expect(await option("Grace").getAttribute("aria-selected")).toBe("true");
  await ada.page.keyboard.press("ArrowDown");
  await ada.page.keyboard.press("Enter");
  await ada.isIn("greenhouse");
});

scenario(
  "T27: what is typed before the switcher was fetched is asked of it, and not said in the box",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await ada.makesRoom("greenhouse");
    await ada.goesTo("lobby");
    await ada.page.route(/\/Switcher-[^/]*\.js$/, async (route) => {
      await new Promise((over) => setTimeout(over, 400));
      await route.continue();
    });
    await ada.box.focus();
    await ada.page.keyboard.press("Control+k");
    await ada.page.keyboard.type("geren");
    for (const _ of "eren") await ada.page.keyboard.press("Backspace");
    await ada.page.keyboard.type("reen");
    await expect
      .poll(() => ada.page.getByRole("combobox", { name: "Jump to a room or a person" }).inputValue())
      .toBe("green");
    await ada.page.keyboard.press("Enter");
    await ada.isIn("greenhouse");
    await ada.goesTo("lobby");
    expect(await ada.box.inputValue()).toBe("");
  },
);

scenario("T27: what nothing is called can be made", async (scene) => {
  const ada = await scene.comes("Ada");
  expect(await asksFor(ada, "relay")).toEqual(["+\nNo room is called “relay”. Make it"]);
  await ada.page.keyboard.press("Enter");
  const dialog = ada.page.getByRole("dialog", { name: "New room" });
  expect(await dialog.getByLabel("Name").inputValue()).toBe("relay");
  await dialog.getByRole("button", { name: "Make room" }).click();
  await ada.isIn("relay");
});

for (const [how, look] of LOOKS) {
  scenario(`T35: axe finds nothing serious ${how} in the switcher and the sheet of keys`, async (scene) => {
    const ada = await scene.comes("Ada", look);
    await asksFor(ada, "l");
    const found = [...(await graveFindings(ada, "the switcher"))];
    await ada.page.keyboard.press("Escape");
    await ada.page.keyboard.press("Control+/");
    await ada.page.getByRole("dialog", { name: "Shortcuts" }).waitFor();
    found.push(...(await graveFindings(ada, "the sheet of keys")));
    expect(found).toEqual([]);
  });
}
