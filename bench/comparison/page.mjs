/** docs/PERFORMANCE.md, made from the figures and nothing else. */
import { judgesOf, tally, verdicts } from "./goals.mjs";
import { PEERS } from "./peers.mjs";
import { ASKABLE_SHAPES, impossible, SHAPES } from "./shapes.mjs";
import { storeSection } from "./store.mjs";
import { GENERATOR_NAMES, overviewSection, shapeSection } from "./tables.mjs";
import { NONE, number, table } from "./writing.mjs";

/** What web/budgets writes into the page, and nobody else. */
const BUDGETS = /<!-- the client's budgets: begin -->.*<!-- the client's budgets: end -->/s;

/** The whole page; `from` names the folder of the results and the links to it, `images` [{file, title, says}], `before` is the page until now. */
export function page(figures, machine, from, images, store, before = "") {
  const main = figures.generators()[0];
  return [
    head(machine, from, figures),
    goalsSection(figures, machine),
    overviewSection(figures, main),
    imagesSection(images, main),
    ...Object.keys(SHAPES).map((shape) => shapeSection(figures, machine, shape)),
    storeSection(store),
    methodSection(machine, figures),
    missingSection(figures, machine),
    BUDGETS.exec(before)?.[0],
  ]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

function head(machine, from, figures) {
  const rounds = figures.rounds();
  const trial = machine.options.clientsMax
    ? `\n\n**A trial run with at most ${number(machine.options.clientsMax)} clients: these figures mean little.**`
    : "";
  return `<!-- Made by bench/compare from ${from.results}: changes by hand are lost. -->
# Performance

Parlour and what it can be compared with, under the same load on one machine, one after the other, in ${rounds} interleaved
${rounds === 1 ? "round" : "rounds"}. Parlour stores each message on the disk (synced) before anyone sees it, checks access and speaks JSON; no
peer but limit-durable stores anything. The raw reports are in [${from.results}](${from.resultsLink}); how to repeat it is in
[bench/README.md](${from.howLink}).${trial}

| the machine | |
| --- | --- |
| processor | ${machine.cpu}, ${machine.cores} cores, shared by server and generator |
| memory | ${number(machine.memory_bytes / 2 ** 30, 1)} GiB |
| system | ${machine.system}, ${machine.kernel} |
| disk | ${machine.file_system}; appending 4 KiB and fdatasync: p50 ${number(machine.fdatasync_us.p50)} µs, p99 ${number(machine.fdatasync_us.p99)} µs |
| measured | ${machine.began?.slice(0, 10) ?? "?"}, at commit ${machine.commit} |
${Object.values(machine.versions ?? {})
  .filter(unique)
  .map((version) => `| | ${version} |`)
  .join("\n")}`;
}

function goalsSection(figures, machine) {
  const judges = judgesOf(figures);
  const judged = verdicts(figures, machine, judges);
  const { met: metByAll, unmet, open } = tally(judged);
  const rows = judged.map(({ goal, verdicts: seen }) => [
    goal.shape,
    `${goal.what}${goal.stretch ? " (stretch)" : ""}`,
    `${goal.sign} ${bound(goal.bound)}`,
    ...seen.map((one) => verdict(one, goal)),
  ]);
  const titles = ["shape", "figure", "goal", ...judges.map((judge) => judge.title)];
  return `## The goals

Each ratio is the median of the ratios within each round. A goal is met when every judge who can see it says so; a stretch is hoped for.
Of ${metByAll + unmet + open} goals ${metByAll} are met, ${unmet} are not, and ${open} were not run for every judge.

${table(titles, rows)}

Where the time goes, and what would be needed for what is not met, is in [PROFILE.md](PROFILE.md). What the store costs as a house
grows has a section of its own where it was measured (\`bench/compare --store\`).`;
}

function verdict({ value, met, cannot }, goal) {
  if (cannot) return NONE;
  if (met === undefined) return "not run";
  const said = goal.bound < 100 && !Number.isInteger(value) ? number(value, 3) : number(value);
  return `${said} ${met ? "met" : goal.stretch ? "not yet" : "**not met**"}`;
}

function imagesSection(images, generator) {
  if (images.length === 0) return "";
  const lines = images.map(({ file, title, says }) => `![${title}. ${says}](performance/${file})`);
  return `## In pictures

By ${GENERATOR_NAMES[generator]}; medians, and a line from the least round to the most.

${lines.join("\n\n")}`;
}

function methodSection(machine, figures) {
  const foreignMax = machine.options.foreignMax;
  const generators = figures.generators().map((name) => GENERATOR_NAMES[name]);
  return `## How it is measured

- Each round runs every shape against every server, each freshly started, one at a time; the order turns from round to round.
- The generator (${generators.join(" and ")}) checks on every connection that each message comes once and in order. Latency runs from
  when a message was due, so a server that stalls the sender does not hide its delay.
- CPU is the server's user and system time over the deliveries that arrived in the measured window. On loopback the server's
  \`send\` also runs the receiver's half of TCP and wakes the receiver: behind a network card it pays less. Ratios carry over,
  microseconds do not.
- Foreign CPU is what neither server nor generator used. A run with more than ${foreignMax} % of a core of it is repeated, at most
  twice, and the least disturbed attempt counts; where it stayed above, it is **bold**: trust that row less.
- On a machine with few cores the generator can be the limit of F2 and F3: its own CPU is in the tables.
- The limits, limit-send to limit-uring, do nothing but carry bytes. They are no product: they are what the kernel costs.
- Idle connections: a goal counts the process's memory; kernel slab is that of both ends of loopback, half of it the server's.`;
}

function missingSection(figures, machine) {
  const lines = Object.entries(machine.missing).map(([id, why]) => `- ${id}: ${why}`);
  for (const peer of PEERS.filter((one) => !machine.missing[one.id])) {
    for (const [why, shapes] of notRunBecause(figures, peer))
      lines.push(`- ${peer.name} under ${shapes.join(", ")}: ${why}`);
  }
  return lines.length > 0 ? `## Not run\n\n${lines.join("\n")}` : "";
}

/** The shapes that no generator could run against a peer, by reason. */
function notRunBecause(figures, peer) {
  const byReason = new Map();
  for (const shape of ASKABLE_SHAPES.filter((name) => !SHAPES[name].only)) {
    const reasons = figures.generators().map((generator) => impossible(shape, peer, generator));
    if (reasons.every(Boolean)) byReason.set(reasons[0], [...(byReason.get(reasons[0]) ?? []), shape]);
  }
  return byReason;
}

function bound(value) {
  return value.toLocaleString("en");
}

function unique(value, index, all) {
  return all.indexOf(value) === index;
}
