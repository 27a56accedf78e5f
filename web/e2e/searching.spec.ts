/** Looking for what was said (SRCH, UX 3.5 G): found in its place, by keyboard, and as unread as before. */

import type { Locator } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";
import { graveFindings, LOOKS, missedByFinger } from "./senses";

const FREE = { flags: ["--rate-limits", "off"] };

function field(who: Person): Locator {
  return who.page.getByRole("searchbox", { name: "Search messages" });
}

function hits(who: Person): Locator {
  return who.page.getByRole("list", { name: "Results" }).getByRole("link");
}

/** Types into the search, and waits for what is found to be all these, the first of them first. */
async function finds(who: Person, typed: string, ...texts: string[]): Promise<void> {
  await field(who).fill(typed);
  const found = () => who.page.locator(".hit-words").allInnerTexts();
  await expect.poll(found, { message: typed }).toEqual(texts);
}

/** The row of a message that has the outline of what was gone to. */
async function isOutlined(who: Person, text: string): Promise<void> {
  await who.page.locator(".timeline-row.target").filter({ hasText: text }).waitFor();
}

scenario(
  "T29 (SRCH-1, SRCH-6): an address, a small word, parts, accents, a phrase and operators each find the row, and Enter shows it",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await grace.makesClosedRoom("cellar");
    await grace.says("the canary is here");
    await grace.makesRoom("relay");
    await ada.joins("relay");
    await grace.saysAll(
      [
        "notes: https://example.org/a?b=1#c",
        "we saw the reloading",
        "très naïve façade",
        "an exact phrase of mine",
        "a phrase that is not exact",
      ],
      3,
    );
    await grace.floods(120, "filler", 3);
    await ada.says("the words of Ada");
    await ada.sees("the words of Ada");
    await ada.goesTo("lobby");

    await ada.page.keyboard.press("Control+Shift+F");
    await field(ada).waitFor();
    await finds(ada, "https://example.org/a?b=1#c", "notes: https://example.org/a?b=1#c");
    const began = Date.now();
    await finds(ada, "relo", "we saw the reloading");
    expect(Date.now() - began).toBeLessThan(1_500);
    await finds(ada, "the", "the words of Ada", "we saw the reloading");
    await finds(ada, "NAIVE facade", "très naïve façade");
    await finds(ada, '"exact phrase"', "an exact phrase of mine");
    await finds(ada, "exact -mine", "a phrase that is not exact");
    await finds(ada, "the from:ada in:relay", "the words of Ada");
    await finds(ada, "the before:2020");
    await ada.page.getByText("Nothing found for “the before:2020”.").waitFor();
    await finds(ada, "canary");
    await finds(ada, "in:cellar");

    await finds(ada, "phrase", "a phrase that is not exact", "an exact phrase of mine");
    await ada.page.keyboard.press("Enter");
    await ada.isIn("relay");
    await isOutlined(ada, "a phrase that is not exact");
    expect(new URL(ada.page.url()).pathname).toBe("/r/3/m/7");
    await expect(hits(ada).count()).resolves.toBe(2);
    await ada.page.keyboard.press("ArrowDown");
    await ada.page.keyboard.press("Enter");
    await isOutlined(ada, "an exact phrase of mine");
    expect(await hits(ada).nth(1).getAttribute("aria-current")).toBe("true");
    await ada.page.keyboard.press("ArrowUp");
    await ada.page.keyboard.press("ArrowUp");
    expect(await field(ada).evaluate((input) => input === document.activeElement)).toBe(true);

    // What is in the room alone, and the way from there to everything.
    await ada.page.getByRole("radio", { name: "This room" }).check();
    await finds(ada, "filler 120", "filler 120");
    await ada.goesTo("lobby");
    await expect(ada.page.getByText("Nothing found for “filler 120” in lobby.").waitFor()).resolves.toBeUndefined();
    await ada.page.getByRole("button", { name: "Search all rooms" }).click();
    await finds(ada, "filler 120", "filler 120");
    await ada.page.keyboard.press("Escape");
    await field(ada).waitFor({ state: "detached" });
    await ada.box.waitFor();
  },
  FREE,
);

scenario(
  "T20 (SRCH-1): looking at results reads nothing, in rooms that are open and in those that are not",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("news");
    await grace.joins("news");
    await ada.goesTo("lobby");
    await ada.page.mouse.move(700, 300);
    await grace.says("needle one");
    await grace.says("needle two");
    const label = () => ada.roomInList("news").getAttribute("aria-label");
    await expect.poll(label).toBe("news, 2 unread");
    await ada.page.keyboard.press("Control+Shift+F");
    await finds(ada, "needle", "needle two", "needle one");
    await ada.page.keyboard.press("Enter");
    await ada.isIn("news");
    await isOutlined(ada, "needle two");
    await ada.page.keyboard.press("ArrowDown");
    await ada.page.keyboard.press("Enter");
    await isOutlined(ada, "needle one");
    // Longer than it takes to have looked at a row for good.
    await ada.letsPass(1_500);
    expect(await label()).toBe("news, 2 unread");
    // Who acts in the room reads it as ever.
    await ada.page.getByRole("feed").click({ position: { x: 5, y: 5 } });
    await expect.poll(label).toBe("news");
  },
  FREE,
);

scenario(
  "SRCH-5: what is no question is said beside the field, and when nobody answers the words stay and can be asked again",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await ada.says("a needle");
    await ada.page.getByRole("button", { name: "Search messages" }).click();
    await field(ada).fill("before:soon");
    await ada.page.getByRole("alert").filter({ hasText: "takes a day, month or year" }).waitFor();
    expect(await field(ada).getAttribute("aria-invalid")).toBe("true");
    await ada.page.route("**/api/v1/search", (route) => route.abort());
    await field(ada).fill("needle");
    await ada.page.getByRole("alert").filter({ hasText: "Search did not answer." }).waitFor();
    await ada.page.unroute("**/api/v1/search");
    await ada.page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => hits(ada).count()).toBe(1);
    expect(await field(ada).inputValue()).toBe("needle");
    // An operator by a button, and older results by another.
    await ada.floods(45, "straw");
    await field(ada).fill("straw");
    await expect.poll(() => hits(ada).count()).toBe(20);
    await ada.presses("Older results");
    await expect.poll(() => hits(ada).count()).toBe(40);
    await ada.presses("Older results");
    await expect.poll(() => hits(ada).count()).toBe(45);
    await ada.page.getByRole("button", { name: /^from:/ }).click();
    await ada.page.keyboard.type("nobody");
    await ada.page.getByText("Nothing found for “straw from:nobody”").waitFor();
  },
  FREE,
);

scenario(
  "T20 (SRCH-6): what was said in a thread alone is shown in its thread, as unread as before",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.says("a root of it all");
    await grace.seesStored("a root of it all");
    await ada.makesRoom("elsewhere");
    await grace.row("a root of it all").focus();
    await grace.page.keyboard.press("r");
    const box = grace.page.getByRole("textbox", { name: "Reply in the thread" });
    await box.fill("a needle within");
    await box.press("Enter");
    const label = () => ada.roomInList("lobby").getAttribute("aria-label");
    await expect.poll(label).toBe("lobby, 1 unread");
    await ada.page.keyboard.press("Control+Shift+F");
    await finds(ada, "needle", "a needle within");
    await ada.page.keyboard.press("Enter");
    await ada.page.getByRole("complementary", { name: "Thread" }).getByText("a needle within").waitFor();
    await ada.letsPass(1_500);
    expect(await label()).toBe("lobby, 1 unread");
  },
  FREE,
);

scenario("SRCH-7: an address with words in it opens the search with what they find", async (scene) => {
  const ada = await scene.comes("Ada");
  await ada.says("a needle in hay");
  await ada.seesStored("a needle in hay");
  await ada.page.goto(`${scene.house.url}/search?q=needle`);
  await expect.poll(() => hits(ada).count()).toBe(1);
  expect(await field(ada).inputValue()).toBe("needle");
});

for (const [words, look] of [...LOOKS, ["on a telephone", { width: 390, height: 844, touch: true }] as const]) {
  scenario(
    `T35: axe finds nothing grave in the search ${words}, and a finger hits what it aims at`,
    async (scene) => {
      const ada = await scene.comes("Ada", look);
      await ada.saysAll(["a **needle** in a heap of hay, with a very long line of straw behind it that goes on"]);
      await ada.page.getByRole("button", { name: "Search messages" }).click();
      const grave = await graveFindings(ada, "empty");
      await field(ada).fill("needle");
      await expect.poll(() => hits(ada).count()).toBe(1);
      grave.push(...(await graveFindings(ada, "results")));
      await field(ada).fill("has:gold");
      await ada.page.getByRole("alert").waitFor();
      grave.push(...(await graveFindings(ada, "refused")));
      expect(grave).toEqual([]);
      if ("touch" in look) expect(await ada.page.evaluate(missedByFinger)).toEqual([]);
      await field(ada).fill("needle");
      await hits(ada).first().click();
      await isOutlined(ada, "a needle in a heap");
    },
    FREE,
  );
}
