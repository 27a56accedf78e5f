/** What somebody chose for this browser: how the box behaves, and how the page reads (UX 3.5 L). */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";

async function opens(who: Person, page: string): Promise<void> {
  await who.page.keyboard.press("Control+,");
  await who.page.getByRole("link", { name: page }).click();
}

async function chooses(who: Person, group: string, choice: string): Promise<void> {
  const set = who.page.getByRole("group", { name: group });
  await set.getByRole("radio", { name: choice, exact: true }).check();
  await set.getByText("Saved").waitFor();
}

async function backToRoom(who: Person): Promise<void> {
  await who.page.getByRole("button", { name: "Back to the rooms" }).click();
  await who.isIn("lobby");
}

scenario(
  "T35: who has chosen so breaks lines with Enter and sends with Ctrl+Enter, also after a reload",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await opens(ada, "Writing");
    await chooses(ada, "The Enter key", "Begins a line; Ctrl+Enter sends");
    await backToRoom(ada);
    await ada.box.pressSequentially("one");
    await ada.box.press("Enter");
    await ada.box.pressSequentially("two");
    expect(await ada.box.inputValue()).toBe("one\ntwo");
    await ada.box.press("Control+Enter");
    expect(await ada.box.inputValue()).toBe("");
    await ada.page.reload();
    await ada.box.pressSequentially("three");
    await ada.box.press("Enter");
    expect(await ada.box.inputValue()).toBe("three\n");
  },
);

scenario("T35: who does not want to be seen writing is not, and is again when they want to", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await opens(ada, "Writing");
  await chooses(ada, "Others see that you write", "No");
  await backToRoom(ada);
  await ada.box.pressSequentially("in secret");
  await ada.box.press("Enter");
  await grace.seesStored("in secret");
  expect(await grace.shelf.getByText("Ada is writing…").count()).toBe(0);
  await opens(ada, "Writing");
  await chooses(ada, "Others see that you write", "Yes");
  await backToRoom(ada);
  await ada.box.pressSequentially("openly");
  await grace.shelf.getByText("Ada is writing…").waitFor();
});

scenario("T05: the clock, the face, the space and the colours of names are as they were chosen", async (scene) => {
  const ada = await scene.comes("Ada");
  await ada.says("hello");
  await ada.seesStored("hello");
  const row = () =>
    ada.row("hello").evaluate((article) => {
      const [name, body] = [article.querySelector(".row-name"), article.querySelector(".row-body")];
      if (name === null || body === null) throw new Error("no row");
      return {
        time: article.querySelector("time")?.textContent ?? "",
        color: getComputedStyle(name).color,
        face: getComputedStyle(body).fontFamily.split(",")[0],
        padding: getComputedStyle(article.querySelector(".row") as Element).paddingTop,
      };
    });
  const before = await row();
  expect(before.time).toMatch(/^\d\d:\d\d$/);
  await opens(ada, "Reading");
  await chooses(ada, "Clock", "2:02 pm");
  await chooses(ada, "What people say", "With serifs");
  await chooses(ada, "Space between messages", "Little");
  await chooses(ada, "Names of people", "In colours");
  await ada.page.reload();
  await backToRoom(ada);
  const after = await row();
  expect(after.time).toMatch(/^\d{1,2}:\d\d\s?[ap]m$/i);
  expect(after.face).toBe("ui-serif");
  expect(Number.parseFloat(after.padding)).toBeLessThan(Number.parseFloat(before.padding));
  expect(after.color).not.toBe(before.color);
});
