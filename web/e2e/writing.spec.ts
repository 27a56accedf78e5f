/** What helps while one writes: the list above the box, emoji, typed commands (T26, T15). */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";
import { focus, graveFindings, LOOKS } from "./senses";

function option(who: Person, name: string) {
  return who.page.getByRole("option", { name });
}

/** Which option the box points at for a screen reader. */
function pointedAt(who: Person): Promise<string | null> {
  return who.box.evaluate((box) => {
    const id = box.getAttribute("aria-activedescendant");
    return id === null ? null : (document.getElementById(id)?.querySelector(".complete-label")?.textContent ?? null);
  });
}

scenario(
  "T26: @ offers people above the box, arrows choose, Tab puts the name in, and Ctrl+Z takes it out again",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await scene.comes("Grace");
    await scene.comes("Greta");
    await ada.box.pressSequentially("hello @gr");
    const list = ada.page.getByRole("listbox", { name: "People" });
    await list.waitFor();
    await expect.poll(() => list.getByRole("option").count()).toBe(2);
    expect(await ada.box.getAttribute("aria-controls")).toBe(await list.getAttribute("id"));
    expect(await pointedAt(ada)).toBe("Grace");
    await ada.page.keyboard.press("ArrowDown");
    await expect.poll(() => pointedAt(ada)).toBe("Greta");
    await ada.page.keyboard.press("Tab");
    expect(await ada.box.inputValue()).toBe("hello @Greta ");
    expect((await focus(ada)).what).toBe("Message #lobby");
    await list.waitFor({ state: "detached" });
    expect(await ada.box.getAttribute("aria-controls")).toBe(null);
    await ada.page.keyboard.press("Control+z");
    expect(await ada.box.inputValue()).toBe("hello @gr");
  },
);

scenario(
  "T26: Esc closes the list and leaves that word alone; the next word asks again, and Enter sends what is no choice",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await scene.comes("Grace");
    await ada.box.pressSequentially("@gra");
    await option(ada, "Grace").waitFor();
    await ada.page.keyboard.press("Escape");
    await option(ada, "Grace").waitFor({ state: "detached" });
    await ada.box.pressSequentially("c");
    expect(await option(ada, "Grace").count()).toBe(0);
    expect((await focus(ada)).what).toBe("Message #lobby");
    await ada.box.pressSequentially("hus @gr");
    await option(ada, "Grace").waitFor();
    await ada.page.keyboard.press("Enter");
    expect(await ada.box.inputValue()).toBe("@grachus @Grace ");
    await ada.box.pressSequentially("hello");
    await ada.page.keyboard.press("Enter");
    await ada.seesStored("@grachus @Grace hello");
  },
);

scenario("T26: a room by #, an emoji by its name, and by the picker at the caret", async (scene) => {
  const ada = await scene.comes("Ada");
  await ada.makesRoom("engineering");
  await ada.box.pressSequentially("see #eng");
  await option(ada, "engineering").waitFor();
  await ada.page.keyboard.press("Enter");
  await ada.box.pressSequentially(":tad");
  await option(ada, "tada").waitFor();
  await ada.page.keyboard.press("Enter");
  expect(await ada.box.inputValue()).toBe("see #engineering 🎉 ");

  await ada.box.press("Home");
  await ada.presses("Emoji");
  const picker = ada.page.getByRole("dialog", { name: "Choose an emoji" });
  await picker.getByRole("searchbox").fill("waving hand");
  await ada.page.keyboard.press("ArrowDown");
  await ada.page.keyboard.press("Enter");
  await picker.waitFor({ state: "detached" });
  expect(await ada.box.inputValue()).toBe("👋see #engineering 🎉 ");
  expect((await focus(ada)).what).toBe("Message #engineering");

  // What was used is offered again, and a skin tone is remembered.
  await ada.presses("Emoji");
  await picker.getByRole("grid", { name: "Last used" }).getByRole("button", { name: "waving hand" }).waitFor();
  await picker.getByRole("radio", { name: "Medium", exact: true }).check();
  await picker.getByRole("radio", { name: "People" }).check();
  await picker.getByRole("grid", { name: "People" }).getByRole("button", { name: "waving hand" }).click();
  expect(await ada.box.inputValue()).toBe("👋👋🏽see #engineering 🎉 ");
  await ada.page.reload();
  await ada.box.waitFor();
  await ada.presses("Emoji");
  expect(await picker.getByRole("radio", { name: "Medium", exact: true }).isChecked()).toBe(true);
});

scenario("T26: typed commands do what they say, and what is none is said as it stands", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await ada.makesRoom("engineering");
  await ada.box.pressSequentially("/to");
  await option(ada, "topic").waitFor();
  await ada.page.keyboard.press("Enter");
  await ada.box.pressSequentially("What we make");
  await ada.page.keyboard.press("Enter");
  await ada.page.getByRole("button", { name: /^Topic: What we make/ }).waitFor();
  expect(await ada.box.inputValue()).toBe("");

  await ada.says("/invite nobody at all");
  await ada.page.getByRole("alert").getByText("Nobody is called “nobody at all”.").waitFor();
  expect(await ada.box.inputValue()).toBe("/invite nobody at all");
  await ada.says("/invite @Grace");
  await grace.roomInList("engineering").waitFor();

  await ada.says("/me waves");
  await ada.seesStored("waves");
  expect(await ada.row("waves").locator("em").count()).toBe(1);
  await ada.says("/usr/bin is no command");
  await ada.seesStored("/usr/bin is no command");
  await ada.says("//me is how");
  await ada.seesStored("/me is how");

  await grace.says("/join engineering");
  await grace.isIn("engineering");
  await grace.says("/leave");
  await grace.isIn("lobby");
  await grace.says("/leave");
  await grace.page.getByRole("alert").getByText("/leave is not yours to use in this room.").waitFor();
});

for (const [how, look] of LOOKS) {
  scenario(`T35: axe finds nothing serious ${how} in the list above the box and the emoji picker`, async (scene) => {
    const ada = await scene.comes("Ada", look);
    await ada.box.pressSequentially(":smi");
    await ada.page.getByRole("listbox", { name: "Emoji" }).waitFor();
    const found = [...(await graveFindings(ada, "the list above the box"))];
    await ada.page.keyboard.press("Escape");
    await ada.presses("Emoji");
    await ada.page.getByRole("dialog", { name: "Choose an emoji" }).waitFor();
    found.push(...(await graveFindings(ada, "the emoji picker")));
    expect(found).toEqual([]);
  });
}

scenario(
  "T26: keys put markup around what is selected and take it away, and an address pasted over words is their link",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await ada.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await ada.box.pressSequentially("very good");
    const select = () => ada.box.evaluate((box) => (box as HTMLTextAreaElement).setSelectionRange(5, 9));
    await select();
    await ada.page.keyboard.press("Control+b");
    expect(await ada.box.inputValue()).toBe("very **good**");
    await ada.page.keyboard.press("Control+b");
    expect(await ada.box.inputValue()).toBe("very good");
    await ada.page.keyboard.press("Control+Shift+x");
    expect(await ada.box.inputValue()).toBe("very ~~good~~");
    await ada.page.keyboard.press("Control+z");
    expect(await ada.box.inputValue()).toBe("very good");
    await select();
    await ada.page.evaluate(() => navigator.clipboard.writeText("https://example.org/"));
    await ada.page.keyboard.press("Control+v");
    expect(await ada.box.inputValue()).toBe("very [good](https://example.org/)");
  },
);
