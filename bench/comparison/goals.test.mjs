/** What is said of Parlour follows from the reports and from nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Figures } from "./figures.mjs";
import { GOALS, JUDGES, judgesOf, tally, verdicts } from "./goals.mjs";
import { page } from "./page.mjs";

const MACHINE = {
  ...{
    cpu: "a processor",
    cores: 2,
    memory_bytes: 2 ** 34,
    system: "a system",
    kernel: "a kernel",
    file_system: "ext4",
  },
  ...{ fdatasync_us: { p50: 500, p99: 2000 }, commit: "abc1234", began: "2026-01-02T03:04:05Z" },
  ...{ options: { foreignMax: 15 }, missing: { bun: "no Bun" } },
};
const FROM = { results: "bench/results/x", resultsLink: "../bench/results/x", howLink: "../bench/README.md" };

/** A run of F1 that delivers all, unless told otherwise. */
function record(peer, round, cpuUs, more = {}) {
  return {
    ...{ shape: "f1", peer, round, generator: "parlour", attempt: 1, load: { clients: 1000, rooms: 1, seconds: 4 } },
    report: {
      run: { lost: 0, disconnected: 0 },
      measured: {
        deliveries_per_s: 100_000,
        latency_us: { p50: 1000, p99: 20_000 },
        server: { cpu_us_per_delivery: cpuUs },
        machine: { foreign_percent: 1 },
      },
    },
    ...more,
  };
}

function verdictOf(records, what, stretch = false) {
  const judged = verdicts(new Figures(records), MACHINE, [JUDGES[0]]);
  return judged.find(({ goal }) => goal.what === what && Boolean(goal.stretch) === stretch).verdicts[0];
}

const OVER_LIMIT = "CPU per delivery, × limit-send";

test("a goal is met up to its bound and not beyond", () => {
  const limit = record("limit-send", 1, 4);
  assert.deepEqual(verdictOf([limit, record("parlour", 1, 4.2)], OVER_LIMIT), { value: 1.05, met: true });
  assert.deepEqual(verdictOf([limit, record("parlour", 1, 5)], OVER_LIMIT), { value: 1.25, met: false });
  assert.deepEqual(verdictOf([limit, record("parlour", 1, 3)], OVER_LIMIT, true), { value: 0.75, met: true });
});

test("how much better we are is theirs over ours", () => {
  const records = [record("parlour", 1, 4), record("gorilla", 1, 6)];
  assert.deepEqual(verdictOf(records, "gorilla hub's CPU per delivery, × ours"), { value: 1.5, met: true });
});

test("the commit is taken off the latency before it is compared", () => {
  const limit = record("limit-send", 1, 4);
  limit.report.measured.latency_us.p99 = 10_000;
  assert.deepEqual(verdictOf([limit, record("parlour", 1, 4)], "p99 less one fdatasync's p99, × limit-send's"), {
    value: 1.8,
    met: false,
  });
});

test("what was not run has no verdict", () => {
  assert.deepEqual(verdictOf([record("parlour", 1, 4)], OVER_LIMIT), {});
  assert.deepEqual(verdictOf([record("parlour", 1, 4), record("limit-send", 2, 4)], OVER_LIMIT), {});
});

test("of a round's attempts the least disturbed counts, and a failed one never", () => {
  const noisy = record("parlour", 1, 9);
  noisy.report.measured.machine.foreign_percent = 80;
  const failed = record("parlour", 1, 1, { attempt: 3, report: undefined, failed: "it died" });
  const figures = new Figures([noisy, record("parlour", 1, 4, { attempt: 2 }), failed]);
  assert.deepEqual([...figures.values("f1", "parlour", "parlour", "cpuUs")], [[1, 4]]);
  assert.deepEqual(figures.foreign("f1", "parlour", "parlour"), { median: 1, most: 1 });
});

test("one lost message anywhere, even in an attempt that does not count, breaks the last goal", () => {
  const lossy = record("parlour", 1, 9, { attempt: 2 });
  lossy.report.run.lost = 1;
  lossy.report.measured.machine.foreign_percent = 80;
  const what = GOALS.at(-1).what;
  assert.deepEqual(verdictOf([record("parlour", 1, 4)], what), { value: 0, met: true });
  assert.deepEqual(verdictOf([record("parlour", 1, 4), lossy], what), { value: 1, met: false });
});

test("each generator is judged by its own runs", () => {
  const bySwarm = (peer, cpuUs) => record(peer, 1, cpuUs, { generator: "swarm" });
  const figures = new Figures([bySwarm("parlour-classic", 8), bySwarm("limit-send", 4), record("limit-send", 1, 8)]);
  const judges = judgesOf(figures);
  assert.deepEqual(judges, JUDGES);
  const [first] = verdicts(figures, MACHINE, judges);
  assert.deepEqual(first.verdicts, [{}, {}, { value: 2, met: false }]);
});

test("a wire that has no rooms has no say about rooms, and the goal is met without it", () => {
  const inRooms = record("parlour", 1, 5, { shape: "f5" });
  const judged = verdicts(new Figures([record("parlour", 1, 4), inRooms]), MACHINE, JUDGES.slice(0, 2));
  const rooms = judged.filter(({ goal }) => goal.shape === "F5");
  assert.deepEqual(rooms[0].verdicts, [{ value: 1.25, met: true }, { cannot: true }]);
  assert.deepEqual(tally(rooms), { met: 1, unmet: 0, open: 0 });
});

test("what the client's budgets wrote into the page stays in it", () => {
  const budgets = "<!-- the client's budgets: begin -->\n| a | table |\n<!-- the client's budgets: end -->";
  const text = page(new Figures([record("parlour", 1, 4)]), MACHINE, FROM, [], undefined, `yesterday\n${budgets}\nyesterday`);
  assert.ok(text.endsWith(`${budgets}\n`));
  assert.ok(!text.includes("yesterday"));
});

test("the page says met, not met and not run, and names what this machine lacks", () => {
  const figures = new Figures([record("parlour", 1, 4), record("limit-send", 1, 4), record("gorilla", 1, 4)]);
  const text = page(figures, MACHINE, FROM, []);
  const rows = text.split("\n").filter((line) => line.startsWith("| F1 | "));
  assert.deepEqual(rows, [
    "| F1 | CPU per delivery, × limit-send | ≤ 1.05 | 1 met | not run |",
    "| F1 | CPU per delivery, × Bun | ≤ 1 | not run | not run |",
    "| F1 | gorilla hub's CPU per delivery, × ours | ≥ 1.4 | 1 **not met** | not run |",
    "| F1 | p99 less one fdatasync's p99, × limit-send's | ≤ 1.5 | 0.900 met | not run |",
    "| F1 | CPU per delivery, × limit-send (stretch) | ≤ 0.85 | 1 not yet | not run |",
  ]);
  // Met by the one judge: the latency and no fault. Not met: the gorilla's. The tutorial's wire was not run.
  const goals = GOALS.filter((goal) => !goal.stretch).length;
  assert.ok(text.includes(`Of ${goals} goals 0 are met, 1 are not, and ${goals - 1} were not run for every judge.`));
  assert.ok(text.includes("## Not run\n\n- bun: no Bun\n"));
  assert.ok(!text.includes("undefined") && !text.includes("NaN"));
});
