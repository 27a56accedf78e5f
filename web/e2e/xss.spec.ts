/** No text of anybody runs anything in the page of anybody else (S59). */

import { stands } from "./pixels";
import { scenario } from "./scene";
import { PAYLOADS } from "./xss.payloads";

/** Elements and attributes that a message may become. */
const ELEMENTS =
  "A BDI BLOCKQUOTE BUTTON CODE DIV EM HR LI OL P PRE S SECTION SPAN STRONG TABLE TBODY TD TH THEAD TR UL";
const ATTRIBUTES = "aria-label class dir hidden href id inert rel role scope start tabindex target title type";

declare global {
  interface Window {
    ran: unknown[];
  }
}

scenario(
  "S59: of 300 texts that would run something none does, and none fetches anything",
  async (scene, expect) => {
    expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(300);
    const ada = await scene.comes("Ada");
    const seen: string[] = [];
    ada.page.on("dialog", (dialog) => {
      seen.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    ada.page.on("console", (message) => seen.push(`console: ${message.text()}`));
    ada.page.on("popup", (popup) => seen.push(`popup: ${popup.url()}`));
    ada.page.on("framenavigated", (frame) => frame.url().startsWith(scene.house.url) || seen.push(`to ${frame.url()}`));
    ada.page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== scene.house.url || url.pathname === "/x") seen.push(`request: ${url}`);
    });
    await ada.page.addInitScript(() => {
      window.ran = [];
      Object.assign(window, { hit: (what: unknown) => window.ran.push(what) });
    });
    const mallory = await scene.comes("Mallory");
    await mallory.saysAll(PAYLOADS);
    await ada.page.reload();
    await ada.box.waitFor();
    await ada.page.keyboard.press("Escape");
    await ada.page.locator(`[data-seq="${PAYLOADS.length}"]`).waitFor();
    const drawn = new Set<string>();
    const strange = new Set<string>();
    await ada.page.locator(".timeline-scroll").hover();
    for (let step = 0; step < 400 && !drawn.has("1"); step += 1) {
      await stands(ada.page);
      const found = await ada.page.evaluate(look, { elements: ELEMENTS, attributes: ATTRIBUTES });
      for (const seq of found.seqs) drawn.add(seq);
      for (const what of found.strange) strange.add(what);
      await ada.page.mouse.wheel(0, -500);
    }
    expect(drawn.size).toBe(PAYLOADS.length);
    expect([...strange]).toEqual([]);
    // What waits for the pointer, for the focus or for time has had all three.
    await ada.letsPass(500);
    expect(await ada.page.evaluate(() => window.ran)).toEqual([]);
    expect(seen).toEqual([]);
    expect(await ada.page.locator("[data-live-log] *:not(p)").count()).toBe(0);
  },
  { flags: ["--rate-limits", "off"] },
);

/** Runs in the page: which messages are drawn, and what in them should not be. */
function look({ elements, attributes }: { elements: string; attributes: string }): {
  seqs: string[];
  strange: string[];
} {
  const strange: string[] = [];
  const known = new Set(elements.split(" "));
  const harmless = new Set(attributes.split(" "));
  for (const element of document.querySelectorAll<HTMLElement>(".row-body *")) {
    if (!known.has(element.tagName)) strange.push(element.tagName);
    for (const { name } of element.attributes) if (!harmless.has(name)) strange.push(`${element.tagName} ${name}`);
    if (element.tabIndex >= 0 && element.closest("[inert]") === null) element.focus({ preventScroll: true });
    element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    if (element instanceof HTMLAnchorElement && !["http:", "https:", "mailto:"].includes(element.protocol))
      strange.push(element.outerHTML);
  }
  const seqs = [...document.querySelectorAll<HTMLElement>("[data-seq]")].map((row) => row.dataset.seq ?? "");
  return { seqs, strange };
}
