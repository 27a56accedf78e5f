/** What axe finds, where the focus is and what a finger misses: for those who listen, and those who use no mouse. */

import { AxeBuilder } from "@axe-core/playwright";
import type { Look, Person } from "./people";

/** The grave findings of axe on what is on screen now, in words. */
export async function graveFindings(who: Person, where: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: who.page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return grave.flatMap(({ id, nodes }) => nodes.map((node) => `${where}: ${id}: ${node.html} ${node.failureSummary}`));
}

export const LOOKS: [string, Look][] = [
  ["in light", {}],
  ["in dark", { dark: true }],
  ["at 320 px", { width: 320, height: 640 }],
  ["at a zoom of 200 %", { width: 640, height: 400, scale: 2 }],
];

/** What has the focus, as a screen reader would say it, and whether a sighted reader can see it. */
export function focus(who: Person): Promise<{ what: string; seen: boolean }> {
  return who.page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return { what: "nothing", seen: false };
    const style = getComputedStyle(element);
    const around = element.closest("form.composer");
    const ring = style.outlineStyle !== "none" || (around !== null && getComputedStyle(around).boxShadow !== "none");
    const part = (selector: string) => element.querySelector(selector)?.textContent;
    const row = element.getAttribute("role") === "article" ? (part("h2") ?? part("[id$='-body']")) : null;
    const field = element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element : null;
    const label = field?.labels?.[0]?.textContent ?? element.getAttribute("aria-label");
    const name = label ?? element.getAttribute("data-name") ?? element.textContent ?? "";
    return { what: row ?? name, seen: ring };
  });
}

/** Runs in the page: what a finger that lands 21 px beside the middle of a target does not hit. */
export function missedByFinger(): string[] {
  // What stands behind a dialog is not to be hit, and the words of a choice are part of it.
  const reachable = document.querySelector("dialog[open]") ?? document;
  const targets = [...reachable.querySelectorAll<HTMLElement>("button, a, input, textarea")];
  const shown = targets.filter(
    (target) => target.checkVisibility() && target.closest(".skip-links, .row-body, [inert]") === null,
  );
  return shown.flatMap((field) => {
    const target = field.closest("label") ?? field;
    const box = target.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const around = [
      [x - 21, y],
      [x + 21, y],
      [x, y - 21],
      [x, y + 21],
    ] as const;
    const misses = around.filter(([left, top]) => {
      const hit = document.elementFromPoint(left, top);
      // A menu that is open lies over whatever is behind it until it is closed.
      const menu = hit?.closest("[role=menu]") ?? null;
      return hit !== null && !target.contains(hit) && (menu === null || menu.contains(target));
    });
    return misses.length === 0 ? [] : [`${target.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`];
  });
}
