/** The tables of the documents: one of everyone, one for each shape, and the README's. */
import { PEERS } from "./peers.mjs";
import { impossible, SHAPES } from "./shapes.mjs";
import { ms, NONE, number, table, withTimes } from "./writing.mjs";

/** How the generators are called. */
export const GENERATOR_NAMES = { parlour: "`parlour bench`", swarm: "swarm" };

/** The one table of the README. */
export function readmeTable(figures) {
  const generator = figures.generators()[0];
  const shown = [
    "parlour",
    "parlour-classic",
    "limit-batch",
    "bun",
    "gorilla",
    "axum",
    "nats",
    "ws",
    "socketio",
    "tutorial",
  ];
  const rows = PEERS.filter((peer) => shown.includes(peer.id)).map((peer) => {
    const of = (shape, metric) => figures.median(shape, peer.id, generator, metric);
    return [
      peer.name,
      number(of("f1", "cpuUs"), 2),
      number(ms(of("f1", "p99Us")), 1),
      number(of("f2", "deliveries")),
      number(of("f3", "deliveries")),
      number(of("idle", "idleBytes")),
    ];
  });
  const columns = [
    "",
    "CPU µs a delivery, 1,000 in a room",
    "p99 ms, the same",
    "deliveries/s, 1,000 in a room, as fast as it goes",
    "deliveries/s, 50 all talking",
    "bytes an idle connection",
  ];
  return table(columns, rows.filter(hasFigure));
}

/** Everyone in the three shapes that are asked about most. */
export function overviewSection(figures, generator) {
  const rows = PEERS.map((peer) => {
    const of = (shape, metric) => figures.median(shape, peer.id, generator, metric);
    const times = (shape, metric, limit) => figures.ratio(shape, peer.id, limit, generator, metric);
    return [
      peer.name,
      withTimes(number(of("f1", "cpuUs"), 2), times("f1", "cpuUs", "limit-send")),
      number(ms(of("f1", "p99Us")), 1),
      withTimes(number(of("f2", "deliveries")), times("f2", "deliveries", "limit-batch")),
      withTimes(number(of("f3", "deliveries")), times("f3", "deliveries", "limit-batch")),
      number(ms(of("f3", "p99Us")), 1),
      number(of("f3", "cutOff")),
    ];
  });
  const titles = [
    "",
    "F1 CPU µs/delivery (× limit-send)",
    "F1 p99 ms",
    "F2 deliveries/s (× limit-batch)",
    "F3 deliveries/s (× limit-batch)",
    "F3 p99 ms",
    "cut off in F3",
  ];
  return `## In one table

By ${GENERATOR_NAMES[generator]}; medians.

${table(titles, rows.filter(hasFigure))}`;
}

/** One shape: a table for each generator that ran it. */
export function shapeSection(figures, machine, shape) {
  const { title } = SHAPES[shape];
  const generators = figures.generators().filter((generator) => figures.has(shape, generator));
  if (generators.length === 0) return "";
  const tables = generators.map((generator) => {
    const rows = PEERS.flatMap((peer) => shapeRow(figures, machine, shape, peer, generator));
    return `By ${GENERATOR_NAMES[generator]}:\n\n${table(
      ["", ...rows[0].titles],
      rows.map((row) => row.cells),
    )}`;
  });
  return `## ${title}

${loadInWords(figures.load(shape))}

${tables.join("\n\n")}`;
}

function shapeRow(figures, machine, shape, peer, generator) {
  if (impossible(shape, peer, generator)) return [];
  const baseline = ["f1", "f4", "f5"].includes(shape) ? "limit-send" : "limit-batch";
  const of = (metric) => figures.median(shape, peer.id, generator, metric);
  const times = (metric, other) => figures.ratio(shape, peer.id, other, generator, metric);
  const columns = COLUMNS[SHAPES[shape].mode](of, times, baseline);
  const kept = figures.kept(shape, peer.id, generator).size;
  const why = figures.failure(shape, peer.id, generator);
  if (kept === 0 && !why) return [];
  const foreign = figures.foreign(shape, peer.id, generator);
  const noise = foreign.most === undefined ? NONE : `${number(foreign.median)} (${number(foreign.most)})`;
  const isNoisy = foreign.most > machine.options.foreignMax;
  const cells = why
    ? columns.map((_, index) => (index === 0 ? `failed: ${why}` : NONE))
    : columns.map(([, cell]) => cell);
  const ends = SHAPES[shape].mode === "idle" ? [`${kept}`] : [isNoisy ? `**${noise}**` : noise, `${kept}`];
  const endTitles = SHAPES[shape].mode === "idle" ? ["rounds"] : ["foreign CPU %, median (most)", "rounds"];
  return [{ titles: [...columns.map(([name]) => name), ...endTitles], cells: [peer.name, ...cells, ...ends] }];
}

/** The columns of each kind of shape: [title, figure of (peer) => cell]. */
const COLUMNS = {
  fan: (of, times, baseline) => [
    ["deliveries/s", withTimes(number(of("deliveries")), times("deliveries", baseline))],
    [`CPU µs/delivery (× ${baseline})`, withTimes(number(of("cpuUs"), 2), times("cpuUs", baseline))],
    ["p50 ms", number(ms(of("p50Us")), 1)],
    ["p99 ms", number(ms(of("p99Us")), 1)],
    ["lost", number(of("lost"))],
    ["cut off", number(of("cutOff"))],
    ["generator CPU %", number(of("generatorCpu"))],
  ],
  idle: (of) => [
    ["connected", number(of("connected"))],
    ["connects/s", number(of("connectsPerS"))],
    ["CPU µs a connect", number(of("connectCpuUs"), 1)],
    ["process bytes each", number(of("idleBytes"))],
    ["kernel slab bytes, both ends", number(of("slabBytes"))],
    ["connections in a GiB", number(of("connectionsPerGiB"))],
    ["CPU % of 10,000", number(of("idleCpuPer10k"), 2)],
  ],
  slow: (of) => [
    ["share that reached the healthy", number(of("healthyRatio"), 4)],
    ["worst client", number(of("worstRatio"), 4)],
    ["p99 ms without", number(ms(of("baselineP99Us")), 1)],
    ["p99 ms with", number(ms(of("slowP99Us")), 1)],
    ["peak memory MB", number(of("slowPeakBytes") / 1e6, 0)],
    ["slow ones given up", number(of("slowGivenUp"))],
  ],
  sends: (of) => [
    ["sends/s", number(of("sendsPerS"))],
    ["p50 ms", number(ms(of("replyP50Us")), 2)],
    ["p99 ms", number(ms(of("replyP99Us")), 2)],
    ["lone p50 ms", number(ms(of("loneP50Us")), 2)],
    ["lone p99 ms", number(ms(of("loneP99Us")), 2)],
  ],
};

function loadInWords(load) {
  const rooms = load.rooms > 1 ? ` in ${number(load.rooms)} rooms` : "";
  const held = load.hold ? `, held for ${load.hold} s` : `; ${load.seconds} s measured`;
  return `${number(load.clients)} ${load.clients === 1 ? "client" : "clients"}${rooms}${held}.`;
}

function hasFigure([, ...cells]) {
  return cells.some((cell) => cell !== NONE);
}
