/** What Parlour is held to: each goal is a figure, a bound, and the verdict that follows from them. */
import { medianRatio } from "./arithmetic.mjs";
import { peer } from "./peers.mjs";
import { impossible, SHAPES } from "./shapes.mjs";

/** Those who judge: the wire, and the generator that speaks it. All must hold. */
export const JUDGES = [
  { peer: "parlour", generator: "parlour", title: "`parlour.v1`, by `parlour bench`" },
  { peer: "parlour-classic", generator: "parlour", title: "tutorial's wire, by `parlour bench`" },
  { peer: "parlour-classic", generator: "swarm", title: "tutorial's wire, by swarm" },
];

const most = (bound) => ({ bound, sign: "≤", met: (value) => value <= bound });
const least = (bound) => ({ bound, sign: "≥", met: (value) => value >= bound });
const ratio = (shape, metric, other) => (judge) => judge.ratio(shape, metric, other);
const figure = (shape, metric) => (judge) => judge.median(shape, metric);
/** How many times better: theirs over ours, of a figure that is better when it is small. */
const better = (shape, metric, other) => (judge) => inverse(judge.ratio(shape, metric, other));

export const GOALS = [
  { shape: "F1", what: "CPU per delivery, × limit-send", ...most(1.05), of: ratio("f1", "cpuUs", "limit-send") },
  { shape: "F1", what: "CPU per delivery, × Bun", ...most(1), of: ratio("f1", "cpuUs", "bun") },
  { shape: "F1", what: "gorilla hub's CPU per delivery, × ours", ...least(1.4), of: better("f1", "cpuUs", "gorilla") },
  { shape: "F1", what: "p99 less one fdatasync's p99, × limit-send's", ...most(1.5), of: latencyOverLimit },
  {
    shape: "F1",
    what: "CPU per delivery, × limit-send",
    stretch: true,
    ...most(0.85),
    of: ratio("f1", "cpuUs", "limit-send"),
  },
  { shape: "F2", what: "deliveries/s, × limit-durable", ...least(0.9), of: ratio("f2", "deliveries", "limit-durable") },
  { shape: "F2", what: "deliveries/s, × Bun", ...least(1), of: ratio("f2", "deliveries", "bun") },
  { shape: "F2", what: "deliveries/s, × the tutorial", ...least(15), of: ratio("f2", "deliveries", "tutorial") },
  { shape: "F2", what: "deliveries/s, × the axum example", ...least(6), of: ratio("f2", "deliveries", "axum") },
  {
    shape: "F2",
    what: "deliveries/s, × limit-batch",
    stretch: true,
    ...least(1),
    of: ratio("f2", "deliveries", "limit-batch"),
  },
  { shape: "F3", what: "deliveries/s, × limit-durable", ...least(0.5), of: ratio("f3", "deliveries", "limit-durable") },
  {
    shape: "F3",
    what: "deliveries/s, × limit-durable",
    stretch: true,
    ...least(0.8),
    of: ratio("f3", "deliveries", "limit-durable"),
  },
  { shape: "F3", what: "p99 less one fdatasync's p99, ms", ...most(3), of: (judge) => afterSync(judge, "f3") },
  { shape: "F4", what: "CPU per delivery, × limit-send", ...most(1.05), of: ratio("f4", "cpuUs", "limit-send") },
  {
    shape: "F4",
    what: "CPU per delivery, × F1's",
    ...most(1.15),
    of: (judge) => judge.betweenShapes("cpuUs", "f4", "f1"),
  },
  {
    shape: "F5",
    what: "CPU per delivery, × F1's",
    ...most(1.3),
    of: (judge) => judge.betweenShapes("cpuUs", "f5", "f1"),
  },
  { shape: "Idle", what: "process memory of a connection, bytes", ...most(2048), of: figure("idle", "idleBytes") },
  {
    shape: "Idle",
    what: "CPU of 10,000, pings included, % of a core",
    ...most(1),
    of: figure("idle", "idleCpuPer10k"),
  },
  {
    shape: "Idle",
    what: "connections in a GiB, the kernel's share included",
    ...least(140_000),
    of: figure("idle", "connectionsPerGiB"),
  },
  { shape: "Connects", what: "a second", ...least(12_000), of: figure("idle", "connectsPerS") },
  { shape: "Connects", what: "CPU of each, µs", ...most(45), of: figure("idle", "connectCpuUs") },
  {
    shape: "Slow",
    what: "share of messages that reached the healthy",
    ...least(1),
    of: figure("slow", "healthyRatio"),
  },
  { shape: "Slow", what: "p99, × the same run without the slow", ...most(1.2), of: figure("slow", "slowP99Ratio") },
  {
    shape: "Slow",
    what: "peak memory with 30 slow, × with 10",
    ...most(1.1),
    of: (judge) => judge.betweenShapes("slowPeakBytes", "slow30", "slow"),
  },
  { shape: "Sends", what: "durable, a second", ...least(20_000), of: figure("sends", "sendsPerS") },
  { shape: "Sends", what: "p99, ms", ...most(50), of: (judge) => milliseconds(judge.median("sends", "replyP99Us")) },
  { shape: "Sends", what: "a lone one's p50 less one fdatasync, ms", ...most(1), of: loneOverSync },
  { shape: "All", what: "lost, doubled, out of order, misrouted, cut off", ...most(0), of: (judge) => judge.faults() },
];

/**
 * Each goal with its figure and verdict for each judge: {goal, verdicts: [{value, met}]}. Neither is there when it was not
 * run; {cannot: true} where this wire or this generator has no such thing.
 */
export function verdicts(figures, machine, judges) {
  return GOALS.map((goal) => ({
    goal,
    verdicts: judges.map((judge) => {
      if (cannot(goal, judge)) return { cannot: true };
      const value = goal.of(eyes(figures, machine, judge));
      return value === undefined ? {} : { value, met: goal.met(value) };
    }),
  }));
}

/** How many goals every judge who can says are met, how many any says are not, and how many were not run for some; stretches apart. */
export function tally(judged) {
  const goals = judged.filter(({ goal }) => !goal.stretch).map((one) => one.verdicts.filter((seen) => !seen.cannot));
  const unmet = goals.filter((seen) => seen.some(({ met }) => met === false));
  const met = goals.filter((seen) => seen.length > 0 && seen.every(({ met }) => met === true));
  return { met: met.length, unmet: unmet.length, open: goals.length - met.length - unmet.length };
}

/** The judges whose generator was used. */
export function judgesOf(figures) {
  return JUDGES.filter((judge) => figures.generators().includes(judge.generator));
}

function cannot(goal, judge) {
  // Connects are counted while the idle ones come; the last goal is about all shapes.
  const shape = goal.shape === "Connects" ? "idle" : goal.shape.toLowerCase();
  return shape in SHAPES && Boolean(impossible(shape, peer(judge.peer), judge.generator));
}

/** What one judge sees. */
function eyes(figures, machine, { peer: id, generator }) {
  return {
    median: (shape, metric) => figures.median(shape, id, generator, metric),
    ratio: (shape, metric, other) => figures.ratio(shape, id, other, generator, metric),
    betweenShapes: (metric, shape, other) => figures.betweenShapes(shape, other, id, generator, metric),
    ours: (shape, metric) => figures.values(shape, id, generator, metric),
    theirs: (shape, metric, other) => figures.values(shape, other, generator, metric),
    faults: () => figures.faults(id, generator),
    syncUs: machine.fdatasync_us,
  };
}

function latencyOverLimit(judge) {
  const ours = [...judge.ours("f1", "p99Us")].map(([round, p99Us]) => [round, p99Us - judge.syncUs.p99]);
  return medianRatio(new Map(ours), judge.theirs("f1", "p99Us", "limit-send"));
}

function afterSync(judge, shape) {
  const p99Us = judge.median(shape, "p99Us");
  return p99Us === undefined ? undefined : (p99Us - judge.syncUs.p99) / 1000;
}

function loneOverSync(judge) {
  const p50Us = judge.median("sends", "loneP50Us");
  return p50Us === undefined ? undefined : (p50Us - judge.syncUs.p50) / 1000;
}

function milliseconds(us) {
  return us === undefined ? undefined : us / 1000;
}

function inverse(value) {
  return value ? 1 / value : undefined;
}
