/** The command: build, measure, write the documents; or the documents alone, from results that are there. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { BadArguments, parse, USAGE } from "./arguments.mjs";
import { buildAll, canBench } from "./building.mjs";
import { Figures } from "./figures.mjs";
import { machineFacts, resultsName } from "./machine.mjs";
import { page } from "./page.mjs";
import { PEERS } from "./peers.mjs";
import { plots } from "./plots.mjs";
import { endWithScript } from "./processes.mjs";
import { readMachine, readRecords, writeMachine } from "./results.mjs";
import { measure } from "./session.mjs";
import { shapesAsked } from "./shapes.mjs";
import { measureStore, readStore } from "./store.mjs";
import { readmeTable } from "./tables.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const DATA = "bench/out/data";

/** Runs the command line; sets the exit status. */
export async function main(words) {
  try {
    const options = parse(words);
    if (options.help) {
      process.stdout.write(USAGE);
      return;
    }
    fromRoot(options);
    const folder = options.from ?? (await session(options));
    documents(folder, options.docs);
  } catch (why) {
    process.stderr.write(`bench/compare: ${why.message}\n`);
    // A fault of ours shows where it is; what the reader can mend does not need to.
    if (!(why instanceof BadArguments) && !why.code) process.stderr.write(`${why.stack}\n`);
    process.exitCode = why instanceof BadArguments ? 2 : 1;
  }
}

/** All paths are from the repository's root from here on, so that no report holds a path of this machine. */
function fromRoot(options) {
  for (const name of ["swarm", "parlour", "data", "into", "from", "docs"]) {
    if (options[name] !== undefined) options[name] = relative(ROOT, resolve(options[name])) || ".";
  }
  process.chdir(ROOT);
  for (const name of ["swarm", "parlour", "from"]) {
    if (options[name] && !existsSync(options[name]))
      throw new BadArguments(`--${name}: there is no ${resolve(options[name])}.`);
  }
}

/** Builds and measures; returns the folder of the results. */
async function session(options) {
  const asked = PEERS.filter((peer) => options.peers.includes(peer.id));
  const dataFolder = options.data ?? DATA;
  mkdirSync(dataFolder, { recursive: true });
  const scratch = mkdtempSync(join(dataFolder, "compare-"));
  endWithScript(() => rmSync(scratch, { recursive: true, force: true }));

  const { built, peers, generators, missing } = await prepare(options, asked);
  const facts = await machineFacts(scratch);
  const now = new Date();
  const folder = options.into ?? join("bench/results", resultsName(facts, now));
  const versions = Object.entries(built).flatMap(([needed, { version }]) => (version ? [[needed, version]] : []));
  writeMachine(folder, merged(readMachine(folder), facts, { asked, missing, versions, options, now }));
  const shapes = shapesAsked(options.shapes);
  const before = readRecords(folder)
    .filter((record) => shapes.includes(record.shape))
    .map((record) => record.round);
  const plan = {
    ...{ shapes, peers, generators, built, options, folder },
    dataFolder: scratch,
    descriptorsMax: facts.descriptors_max,
    firstRound: Math.max(0, ...before) + 1,
  };
  const failed = await measure(plan, tell);
  if (options.store) await measureStore(folder, scratch, tell);
  if (failed > 0) {
    tell(`${failed} runs came to nothing; they are marked so.`);
    process.exitCode = 1;
  }
  return folder;
}

/** What can be run, and what cannot and why. */
async function prepare(options, asked) {
  const needsBench = options.generators.includes("parlour");
  const toBuild = needsBench && !asked.some((peer) => peer.needs === "parlour") ? [...asked, PEERS[0]] : asked;
  const built = await buildAll(toBuild, options, tell);
  const missing = {};
  for (const peer of asked) {
    if (built[peer.needs].missing) missing[peer.id] = built[peer.needs].missing;
  }
  const generators = [];
  for (const generator of options.generators) {
    if (generator === "swarm" || (await canBench(built.parlour))) generators.push(generator);
    else missing["parlour bench"] = built.parlour.missing ?? "this binary has no `bench`";
  }
  if (missing["parlour bench"]) tell(`  parlour bench is not run: ${missing["parlour bench"]}`);
  if (generators.length === 0) throw new BadArguments("there is no generator: --swarm PATH names one.");
  return { built, generators, missing, peers: asked.filter((peer) => !missing[peer.id]) };
}

/** What is said of the machine: facts as at the beginning, the rest as it has become when results are added to. */
function merged(before, facts, { asked, missing, versions, options, now }) {
  const stillMissing = Object.entries(before?.missing ?? {}).filter(([id]) => !asked.some((peer) => peer.id === id));
  return {
    ...(before ?? facts),
    commit: [...new Set([...(before?.commit.split(", ") ?? []), facts.commit])].join(", "),
    began: before?.began ?? now.toISOString(),
    options: { seconds: options.seconds, clientsMax: options.clientsMax, foreignMax: options.foreignMax },
    versions: { ...before?.versions, ...Object.fromEntries(versions) },
    missing: { ...Object.fromEntries(stillMissing), ...missing },
  };
}

/** The page, its pictures, and the README's table on standard output. */
function documents(folder, docs = "docs") {
  const records = readRecords(folder);
  const machine = readMachine(folder);
  if (!machine || records.length === 0) throw new BadArguments(`there are no results in ${folder}.`);
  const figures = new Figures(records);
  const images = plots(figures, figures.generators()[0]);
  const pictures = join(docs, "performance");
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  for (const { file, svg } of images) writeFileSync(join(pictures, file), svg);
  const from = { results: folder, resultsLink: relative(docs, folder), howLink: relative(docs, "bench/README.md") };
  const file = join(docs, "PERFORMANCE.md");
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  writeFileSync(file, page(figures, machine, from, images, readStore(folder), before));
  tell(`Written: ${join(docs, "PERFORMANCE.md")} and ${images.length} plots, from ${folder}. For the README:\n`);
  process.stdout.write(`${readmeTable(figures)}\n`);
}

function tell(text) {
  process.stderr.write(`${text}\n`);
}
