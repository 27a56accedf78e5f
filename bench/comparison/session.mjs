/** One session of measuring: round by round, shape by shape, peer by peer, so that each round is its own comparison. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { freePort, lastLine, run, start, stop, takesConnections } from "./processes.mjs";
import { writeRecord } from "./results.mjs";
import { impossible, load, parlourArguments, SHAPES, swarmArguments } from "./shapes.mjs";

/** A run that others disturbed is done again, at most so often in all. */
const ATTEMPTS_MAX = 3;
/** Time for joining, waiting for stragglers and, for Parlour, signing everyone in. */
const OVERHEAD_MS_MAX = 180_000;

/**
 * Runs all that `plan` asks for: {shapes, peers, generators, built, options, folder, dataFolder, descriptorsMax, firstRound}.
 * `tell` hears a line for each run. Returns how many came to nothing.
 */
export async function measure(plan, tell) {
  let failed = 0;
  for (let round = plan.firstRound; round < plan.firstRound + plan.options.rounds; round++) {
    for (const shape of plan.shapes) {
      const pairs = turned(plan.peers, round).flatMap((peer) =>
        plan.generators.map((generator) => ({ peer, generator })),
      );
      const possible = pairs.filter(({ peer, generator }) => !impossible(shape, peer, generator));
      if (possible.length > 0) tell(`Round ${round}. ${SHAPES[shape].title}`);
      for (const { peer, generator } of possible) {
        if (!(await measureQuietly(plan, { round, shape, peer, generator }, tell))) failed += 1;
      }
    }
  }
  return failed;
}

/** Each round begins with another peer, so that none always follows the same one. */
function turned(peers, round) {
  const from = (round - 1) % peers.length;
  return [...peers.slice(from), ...peers.slice(0, from)];
}

/** Whether there is a report in the end. */
async function measureQuietly(plan, what, tell) {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const record = await measureOnce(plan, what, attempt);
    writeRecord(plan.folder, record);
    tell(line(what, record));
    const foreign = foreignPercent(record);
    if (record.failed) return attempt > 1;
    if (foreign === undefined || foreign <= plan.options.foreignMax) return true;
  }
  return true;
}

async function measureOnce(plan, { round, shape, peer, generator }, attempt) {
  const numbers = load(shape, plan.options, plan.descriptorsMax);
  const record = { round, shape, peer: peer.id, generator, attempt, load: numbers };
  mkdirSync(plan.dataFolder, { recursive: true });
  const folder = mkdtempSync(join(plan.dataFolder, `${peer.id}-`));
  let server;
  try {
    const port = await freePort();
    const [program, words, environment] = peer.command({ port, folder, built: plan.built[peer.needs] });
    server = start(program, words, { environment });
    await takesConnections(server, port);
    record.report = await generate(
      plan,
      { shape, peer, generator, numbers, url: `ws://127.0.0.1:${port}/ws` },
      server.pid,
    );
  } catch (why) {
    record.failed = why.message;
  } finally {
    if (server) await stop(server);
    rmSync(folder, { recursive: true, force: true });
  }
  return record;
}

async function generate(plan, { shape, peer, generator, numbers, url }, pid) {
  const [program, words] =
    generator === "swarm"
      ? [plan.options.swarm, swarmArguments(shape, peer, url, numbers, pid)]
      : [plan.built.parlour.program, parlourArguments(shape, peer, url, numbers, pid)];
  const limitMs = ((numbers.seconds + numbers.warmup) * 2 + (numbers.hold ?? 0)) * 1000 + OVERHEAD_MS_MAX;
  const { out, tail } = await run(program, words, { limitMs });
  try {
    return JSON.parse(out);
  } catch {
    throw new Error(`${generator} brought no report: ${lastLine(tail)}`);
  }
}

/** The CPU that neither server nor generator used, in % of a core; of two windows, the worse. */
export function foreignPercent({ report }) {
  const windows = [report?.measured, report?.baseline, report?.with_slow, report?.lone];
  const seen = windows.map((window) => window?.machine?.foreign_percent).filter((percent) => percent !== undefined);
  return seen.length > 0 ? Math.max(...seen) : undefined;
}

function line({ peer, generator }, record) {
  const who = `  ${peer.id.padEnd(16)} ${generator.padEnd(8)}`;
  if (record.failed) return `${who} FAILED: ${record.failed}`;
  const { report } = record;
  if (report.idle) {
    const { connected, per_second: perSecond } = report.connect;
    return `${who} ${connected} connected, ${perSecond}/s, ${report.idle.server_rss_per_connection} bytes each`;
  }
  const window = report.with_slow ?? report.measured;
  const isSends = report.mode === "sends";
  const unclean = report.clean ? "" : "  NOT CLEAN";
  const rate = Math.round(isSends ? window.replies_per_s : window.deliveries_per_s).toLocaleString("en");
  const cpu = window.server?.cpu_us_per_delivery ?? "?";
  const foreign = foreignPercent(record) ?? "?";
  return `${who} ${rate.padStart(10)}/s  ${cpu} µs each  p99 ${(isSends ? window.reply_us : window.latency_us)?.p99} µs  foreign ${foreign} %${unclean}`;
}
