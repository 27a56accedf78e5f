/** What becomes of a message: edited, deleted, answered, reacted to (T21, T22, T23). */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";
import { focus } from "./senses";

const FREE = { flags: ["--rate-limits", "off"] };

function editor(who: Person) {
  return who.page.getByRole("textbox", { name: "Edit the message" });
}

/** The chips under a message, as they are read out. */
function chips(who: Person, text: string): Promise<string[]> {
  return who
    .row(text)
    .locator(".reaction")
    .evaluateAll((all) =>
      all.map(
        (one) => `${one.getAttribute("aria-label")}${one.getAttribute("aria-pressed") === "true" ? " pressed" : ""}`,
      ),
    );
}

scenario(
  "T21: ↑ in the empty box edits the last message in place for both, nothing jumps, and what it said before can be read",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await grace.floods(40, "before");
    await ada.says("the frist words");
    await ada.seesStored("the frist words");
    const seq = await ada.row("the frist words").getAttribute("data-seq");
    await grace.floods(40, "after");
    await grace.seesStored("after 40");
    await ada.seesStored("after 40");
    // Grace reads in the middle, where the edited row is above what she reads.
    await grace.row("after 40").focus();
    for (let n = 0; n < 12; n += 1) await grace.page.keyboard.press("ArrowUp");
    const before = await grace.topOf("after 28");
    await ada.box.focus();
    await ada.page.keyboard.press("ArrowUp");
    await editor(ada).waitFor();
    expect(await editor(ada).inputValue()).toBe("the frist words");
    await editor(ada).fill(Array.from({ length: 10 }, (_, n) => `the first words, line ${n}`).join("\n"));
    await ada.page.keyboard.press("Enter");
    await editor(ada).waitFor({ state: "detached" });
    expect((await focus(ada)).what).toBe("Message #lobby");
    await grace.letsPass(500);
    expect(Math.abs((await grace.topOf("after 28")) - before)).toBeLessThanOrEqual(1);
    for (const who of [ada, grace]) {
      const row = who.page.getByRole("article").filter({ hasText: "the first words, line 9" });
      await who.page.goto(`${scene.house.url}/r/1/m/${seq}`);
      await row.waitFor({ state: "attached" });
      expect(await row.getByRole("button", { name: /^Edited at/ }).count()).toBe(1);
    }
    await ada.page.getByRole("button", { name: /^Edited at/ }).click();
    const dialog = ada.page.getByRole("dialog", { name: "What it said before" });
    await dialog.getByText("the frist words").waitFor();
  },
  FREE,
);

scenario("T21: Esc leaves a message as it is and keeps what was typed, also over a reload", async (scene) => {
  const ada = await scene.comes("Ada");
  await ada.says("as it was");
  await ada.seesStored("as it was");
  await ada.page.keyboard.press("ArrowUp");
  await editor(ada).pressSequentially(", and more");
  await ada.page.keyboard.press("Escape");
  await ada.seesStored("as it was");
  await ada.letsPass(400);
  await ada.page.reload();
  await ada.seesStored("as it was");
  await ada.box.focus();
  await ada.page.keyboard.press("ArrowUp");
  expect(await editor(ada).inputValue()).toBe("as it was, and more");
  await ada.page.keyboard.press("Enter");
  await ada.page.locator(".row-body").getByText("as it was, and more", { exact: true }).waitFor();
  await ada.page.getByRole("button", { name: /^Edited at/ }).waitFor();
});

scenario(
  "T22: a deletion that is undone is nobody's news, and one that is not is gone for both and after a reload",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.says("regretted");
    await grace.seesStored("regretted");
    await ada.row("regretted").focus();
    await ada.page.keyboard.press("Delete");
    await ada.page.getByText("Deleted.").waitFor();
    await ada.presses("Undo");
    await ada.seesStored("regretted");
    await grace.letsPass(500);
    await grace.seesStored("regretted");

    await ada.row("regretted").focus();
    await ada.page.keyboard.press("Delete");
    await ada.letsPass(5_000);
    await grace.seesStored("regretted");
    for (const who of [ada, grace]) await who.page.getByText("Deleted by Ada").waitFor({ timeout: 12_000 });
    expect(await grace.row("regretted").count()).toBe(0);
    await grace.page.reload();
    await grace.page.getByText("Deleted by Ada").waitFor();
    expect(await grace.page.content()).not.toContain("regretted");
  },
);

scenario("T22: what is deleted while it is unread is unread no more", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await ada.makesRoom("engineering");
  await grace.says("come @Ada");
  const row = ada.roomInList("lobby");
  await expect.poll(() => row.getAttribute("aria-label")).toBe("lobby, 1 unread, 1 mention");
  await grace.row("come @Ada").focus();
  await grace.page.keyboard.press("Backspace");
  await expect.poll(() => row.getAttribute("aria-label"), { timeout: 15_000 }).toBe("lobby");
});

scenario(
  "T23: three people react at once and all see the same, one's own pressed, and it is taken back",
  async (scene) => {
    const people = [await scene.comes("Ada"), await scene.comes("Grace"), await scene.comes("Alan")] as const;
    const [ada, grace, alan] = people;
    await ada.says("shipped");
    for (const who of people) await who.seesStored("shipped");
    await grace.row("shipped").focus();
    await grace.page.keyboard.press("+");
    await grace.page.getByRole("searchbox", { name: "Search emoji" }).fill("tada");
    await grace.page.keyboard.press("Enter");
    await expect.poll(() => chips(ada, "shipped")).toEqual(["🎉, 1 person"]);
    const chip = (who: Person) => who.row("shipped").locator(".reaction");
    await Promise.all([chip(ada).click(), chip(alan).click()]);
    for (const who of people) await expect.poll(() => chips(who, "shipped")).toEqual(["🎉, 3 people, you too pressed"]);
    await chip(grace).click();
    await expect.poll(() => chips(grace, "shipped")).toEqual(["🎉, 2 people"]);
    await expect.poll(() => chips(ada, "shipped")).toEqual(["🎉, 2 people, you too pressed"]);
    await ada.page.reload();
    await expect.poll(() => chips(ada, "shipped")).toEqual(["🎉, 2 people, you too pressed"]);
    expect(await chip(ada).getAttribute("title")).toMatch(/^(Ada and Alan|Alan and Ada)$/);
  },
);

scenario(
  "T23: an answer shows what it answers, goes there when pressed, and follows what becomes of it",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.says("which one?");
    await grace.floods(60, "between");
    await grace.seesStored("between 60");
    await grace.page.keyboard.press("Escape");
    await grace.box.focus();
    await grace.page.keyboard.press("Shift+ArrowUp");
    await grace.page.getByText("Answering Grace").waitFor();
    await grace.presses("Answer nobody");
    await grace.page.keyboard.press("Control+Home");
    await grace.row("which one?").focus();
    await grace.page.keyboard.press("q");
    await grace.page.getByText("Answering Ada").waitFor();
    expect((await focus(grace)).what).toBe("Message #lobby");
    await grace.says("the second one");
    await ada.seesStored("the second one");
    const quote = ada.row("the second one").getByRole("button", { name: "Answers Ada. Go to that message" });
    expect(await quote.textContent()).toContain("which one?");
    await quote.click();
    await expect.poll(() => ada.row("which one?").getAttribute("class")).toContain("target");
    await ada.row("which one?").focus();
    await ada.page.keyboard.press("e");
    await editor(ada).fill("which of the two?");
    await ada.page.keyboard.press("Enter");
    await expect
      .poll(() => grace.row("the second one").locator(".row-quote").textContent())
      .toContain("which of the two?");
  },
  FREE,
);
