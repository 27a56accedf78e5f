/**
 * The budgets of UX 3.11, measured in Chromium. `npm run budgets` takes three rounds, judges the medians exactly and writes the
 * table of docs/PERFORMANCE.md; `bin/ci` takes one (`npm run budgets:held`), with three times as long for what takes time.
 */

import { afterAll, beforeAll, expect, test } from "vitest";
import { measureMemory } from "./memory";
import { measureOpening } from "./opening";
import { writeTable } from "./page";
import { measureScrolling } from "./scrolling";
import { Stage } from "./stage";
import { measureSwitching } from "./switching";
import { BUDGETS, type Figures, keeps, median } from "./table";
import { measureWriting } from "./writing";

const EXACT = process.env.PARLOUR_BUDGETS === "exact";
const PARTS = { measureOpening, measureSwitching, measureScrolling, measureWriting, measureMemory };
let stage: Stage | undefined;

beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(async () => {
  await stage?.strike();
});

const rounds: Figures[] = [];
for (let round = 1; round <= (EXACT ? 3 : 1); round += 1) {
  test(`round ${round}`, async () => {
    if (stage === undefined) throw new Error("there is no stage");
    const parts = [];
    for (const [name, measure] of Object.entries(PARTS)) {
      const figures = await measure(stage);
      console.info(name, figures);
      parts.push(figures);
    }
    rounds.push(Object.assign({}, ...parts) as Figures);
  });
}

test("every budget of the client is kept", () => {
  const figures = Object.fromEntries(
    BUDGETS.map(({ key }) => [key, median(rounds.map((round) => round[key] ?? Number.NaN))]),
  );
  console.info(JSON.stringify(figures, null, 1));
  if (EXACT) writeTable(figures, rounds.length);
  const broken = BUDGETS.filter(
    (budget) => !keeps(budget, figures[budget.key] ?? Number.NaN, EXACT ? "exactly" : "threefold"),
  );
  expect(broken.map(({ what, key, limit }) => `${what}: ${figures[key]}, and ${limit} is the limit`)).toEqual([]);
});
