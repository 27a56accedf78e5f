/** What is wrong with a screen for who uses it by other means: what axe finds grave, and what a finger misses. */

import { AxeBuilder } from "@axe-core/playwright";
import type { Person } from "./people";

/** The grave findings of axe on what is on screen now, in words. */
export async function graveFindings(who: Person, where: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: who.page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return grave.flatMap(({ id, nodes }) => nodes.map((node) => `${where}: ${id}: ${node.html} ${node.failureSummary}`));
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
      return hit !== null && !target.contains(hit);
    });
    return misses.length === 0 ? [] : [`${target.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`];
  });
}
