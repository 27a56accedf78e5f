/** What a message looks like, and which keys send it (T05, T06). */

import { expect } from "vitest";
import { scenario } from "./scene";

scenario(
  "T05: messages group by the house's clock: a head at the first, after five minutes, for another, on a new day",
  async (scene) => {
    const at = (day: number, hour: number, minute: number) =>
      scene.house.setClock(new Date(Date.UTC(2025, 10, day, hour, minute)));
    at(3, 9, 0);
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    const said: [typeof ada, string, number, number, number][] = [
      [ada, "first", 3, 10, 0],
      [ada, "four minutes later", 3, 10, 4],
      [ada, "six more", 3, 10, 10],
      [grace, "another", 3, 23, 57],
      [grace, "before midnight", 3, 23, 59],
      [grace, "after midnight", 4, 0, 1],
    ];
    for (const [who, text, ...time] of said) {
      at(...time);
      await who.says(text);
      await ada.seesStored(text);
      await grace.seesStored(text);
    }
    const heads = [
      ["10:00", "Ada", "first"],
      ["10:10", "Ada", "six more"],
      ["23:57", "Grace", "another"],
      ["00:01", "Grace", "after midnight"],
    ];
    for (const person of [ada, grace]) {
      await expect
        .poll(() =>
          person.page
            .locator(".row.message.head")
            .evaluateAll((rows) =>
              rows.map((row) => ["time", ".row-name", ".row-body"].map((part) => row.querySelector(part)?.textContent)),
            ),
        )
        .toEqual(heads);
      const days = person.page.getByRole("feed").getByRole("separator");
      expect(await days.evaluateAll((lines) => lines.map((line) => line.getAttribute("aria-label")))).toEqual([
        "Monday 3 November 2025",
        "Tuesday 4 November 2025",
      ]);
      // Read to the end, so that no New line stands between them.
      await person.page.keyboard.press("Escape");
      await expect.poll(() => person.page.title()).toBe("lobby — Parlour");
      await person.page.reload();
      await person.sees("after midnight");
      expect(await person.page.locator(".row.message.head .row-body").allInnerTexts()).toEqual(
        heads.map(([, , text]) => text),
      );
    }
  },
  { clock: true },
);

scenario(
  "T06: Enter of an input method sends nothing, Shift+Enter and Enter in a fence are new lines",
  async (scene) => {
    const ada = await scene.comes("Ada");
    const keyboard = await ada.context.newCDPSession(ada.page);
    await keyboard.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
    // As an input method does it: the key is its own (229), and the text comes by itself.
    const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 };
    await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
    await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
    await keyboard.send("Input.insertText", { text: "日本" });
    expect(await ada.box.inputValue()).toBe("日本");
    expect(await ada.page.locator(".row.message").count()).toBe(0);
    await ada.page.keyboard.press("Enter");
    await ada.seesStored("日本");

    await ada.page.keyboard.type("one");
    await ada.page.keyboard.press("Shift+Enter");
    await ada.page.keyboard.type("two");
    await ada.page.keyboard.press("Enter");
    await ada.seesStored("one\ntwo");

    await ada.page.keyboard.type("```");
    await ada.page.keyboard.press("Enter");
    await ada.page.keyboard.type("let x;");
    await ada.page.keyboard.press("Enter");
    await ada.page.keyboard.type("```");
    expect(await ada.box.inputValue()).toBe("```\nlet x;\n```");
    await ada.page.keyboard.press("Enter");
    await ada.page.locator("[data-seq] pre", { hasText: /^let x;$/ }).waitFor();
    expect(await ada.page.locator(".row.message .row-body:not(:has(pre))").allInnerTexts()).toEqual([
      "日本",
      "one\ntwo",
    ]);
    expect(await ada.page.locator(".row.message pre").allInnerTexts()).toEqual(["let x;"]);
  },
);

scenario("T10: what is said faster than the house takes it waits, and is never marked Not sent", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  const texts = Array.from({ length: 30 }, (_, n) => `fast ${n + 1}`);
  const alarms = ada.page.getByText("Not sent");
  for (const text of texts) await ada.says(text);
  for (const text of texts) {
    await grace.sees(text);
    expect(await alarms.count()).toBe(0);
  }
  await ada.seesStored("fast 30");
  await expect.poll(() => grace.texts()).toEqual(texts);
});
