/** The table of docs/PERFORMANCE.md, between two marks that bench/compare leaves as they are. */

import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release, type } from "node:os";
import { join } from "node:path";
import { BUDGETS, type Budget, type Figures, keeps } from "./table";

const PAGE = join(process.cwd(), "../docs/PERFORMANCE.md");
const [BEGIN, END] = ["<!-- the client's budgets: begin -->", "<!-- the client's budgets: end -->"];

export function writeTable(figures: Figures, rounds: number): void {
  const page = readFileSync(PAGE, "utf8");
  const [before, after] = [page.split(BEGIN)[0] ?? "", page.split(END)[1] ?? ""];
  writeFileSync(PAGE, `${before.trimEnd()}\n\n${section(figures, rounds)}\n${after}`);
}

function section(figures: Figures, rounds: number): string {
  const rows = BUDGETS.map((budget) => {
    const value = figures[budget.key] ?? Number.NaN;
    const sign = budget.sign === "most" ? "≤" : "≥";
    const verdict = keeps(budget, value, "exactly") ? "kept" : "**not kept**";
    return `| ${budget.what} | ${sign} ${shown(budget.limit, budget)} | ${shown(value, budget)} | ${verdict} |`;
  });
  return `${BEGIN}
## The client's budgets

Chromium without a graphics card at 1280 × 800, the release build, a house with a room of 100,000 messages and 30 others on the
same machine. Medians of ${rounds} rounds. Made by \`npm --prefix web run budgets\`; \`bin/ci\` holds bytes, pixels, counts and memory at the limit and
times at three times it, the one longest frame or task at ten. Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores of ${cpus()[0]?.model.trim() ?? "a processor"}, ${type()} ${release()}.

| what | limit | measured | |
| --- | --- | --- | --- |
${rows.join("\n")}

${END}`;
}

function shown(value: number, { unit }: Budget): string {
  const digits = unit === "B" || unit === "" ? 0 : unit === "px" || unit === "MB" ? 2 : 1;
  const text = value.toLocaleString("en", { maximumFractionDigits: digits });
  return unit === "" ? text : `${text} ${unit}`;
}
