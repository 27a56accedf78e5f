/** What people write in Markdown, as others read it (MSG-7). */

import { AxeBuilder } from "@axe-core/playwright";
import { EVERYTHING } from "./markup.texts";
import type { Look } from "./people";
import { scenario } from "./scene";

const FREE = { flags: ["--rate-limits", "off"] };

scenario(
  "MSG-7: markup is plain while it is on its way and has its look once it is stored, for both",
  async (scene, expect) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.says("**Lunch**: see https://example.org/menu_today_ and `soup`");
    for (const person of [ada, grace]) {
      await person.seesStored("Lunch: see https://example.org/menu_today_ and soup");
      const body = person.page.locator(".row-body").last();
      expect(await body.locator("strong").textContent()).toBe("Lunch");
      expect(await body.locator("code").textContent()).toBe("soup");
      const link = body.locator("a");
      expect(await link.getAttribute("href")).toBe("https://example.org/menu_today");
      expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    }
    // What is read out is plain, and hides what is hidden.
    await ada.says("It was ||Rosebud||, *really*");
    await expect.poll(() => grace.log.allInnerTexts()).toContain("Ada: It was [hidden], really");
    const spoiler = grace.page.getByRole("button", { name: "Show what is hidden" });
    await spoiler.focus();
    await grace.page.keyboard.press("Enter");
    await spoiler.waitFor({ state: "detached" });
    expect(await grace.page.locator(".row-body .spoiler").textContent()).toBe("Rosebud");
    await ada.page.getByRole("button", { name: "Show what is hidden" }).click();
    expect(await ada.page.locator(".row-body .spoiler").textContent()).toBe("Rosebud");
  },
);

scenario(
  "MSG-7: the highlighter is fetched for the first code and not before, and its colours are nodes",
  async (scene, expect) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    const fetched: string[] = [];
    ada.page.on("request", (request) => fetched.push(request.url()));
    const highlighters = () => fetched.filter((url) => url.includes("highlight"));
    await grace.says("no `code` worth it");
    await ada.seesStored("no code worth it");
    expect(highlighters()).toEqual([]);
    await grace.saysAll(['```rust\nfn main() { println!("<b>"); }\n```']);
    await ada.page.locator("pre .hljs-keyword", { hasText: "fn" }).waitFor();
    expect(highlighters()).toHaveLength(1);
    expect(await ada.page.locator("pre").textContent()).toBe('fn main() { println!("<b>"); }');
    await ada.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await ada.page.locator(".code-block").hover();
    await ada.page.getByRole("button", { name: "Copy", exact: true }).click();
    await ada.page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('fn main() { println!("<b>"); }');
  },
);

const LOOKS: Readonly<Record<string, Look>> = {
  light: {},
  dark: { dark: true },
  "390 px": { width: 390, height: 844, touch: true },
  "320 px": { width: 320, height: 568, touch: true },
};

for (const [name, look] of Object.entries(LOOKS)) {
  scenario(
    `MSG-7: a room full of markup has nothing that axe finds serious and nothing wider than the page: ${name}`,
    async (scene, expect) => {
      const grace = await scene.comes("Grace");
      const ada = await scene.comes("Ada", look);
      await grace.saysAll(EVERYTHING);
      await ada.page.locator(`[data-seq="${EVERYTHING.length}"]`).waitFor();
      await ada.page.locator(".timeline-scroll").hover();
      for (let screen = 0; screen < 4; screen += 1) {
        const { violations } = await new AxeBuilder({ page: ada.page }).analyze();
        const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        expect(grave.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))).toEqual([]);
        const wide = await ada.page.evaluate(
          () =>
            [...document.querySelectorAll(".row-body")].filter((body) => body.scrollWidth > body.clientWidth + 4)
              .length,
        );
        expect(wide).toBe(0);
        await ada.page.evaluate(() => document.querySelector(".timeline-scroll")?.scrollBy(0, -600));
      }
    },
    FREE,
  );
}
