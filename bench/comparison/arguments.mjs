/** What was typed, read and judged before anything is built or started. */
import { PEER_IDS } from "./peers.mjs";
import { ASKABLE_SHAPES } from "./shapes.mjs";

/** Broken where the terminal would. */
const PEER_LINES = PEER_IDS.join(",").replaceAll(/(.{60,90}?,)/g, `$1\n${" ".repeat(22)}`);

export const USAGE = `bench/compare [options]

Builds Parlour and what it is compared with, runs each in turn under the same load on this machine, and writes
docs/PERFORMANCE.md with its plots. What this machine lacks is named as not run.

  --rounds N          how often everything is run, interleaved (default 3)
  --shapes LIST       of ${ASKABLE_SHAPES.join(",")} (default all)
  --peers LIST        of ${PEER_LINES} (default all)
  --seconds N         measured time of a run, after 1 s of warm-up (default 4)
  --hold N            how long idle connections are watched; pings come every 20 s (default 25)
  --clients N         at most so many clients, to try things out; the figures then mean little
  --foreign-max N     a run with more CPU than this used by others, in % of a core, is repeated twice (default 15)
  --swarm PATH        an independent generator with the options and the report of swarm; runs beside \`parlour bench\`
  --generators LIST   of parlour,swarm (default: parlour, and swarm where --swarm is given)
  --parlour PATH      the binary to judge (default: target/release/parlour, built here)
  --data DIR          where servers that store keep their files (default: bench/out/data)
  --store             also measure the store itself as a house grows (store-costs, some minutes)
  --no-build          build and install nothing: what is not there is not run
  --into DIR          add to the results in DIR (default: bench/results/DATE-MACHINE)
  --from DIR          run nothing: make the documents anew from the results in DIR
  --docs DIR          where PERFORMANCE.md and performance/*.svg go (default: docs)
`;

/** What is wrong with the arguments, in words for whoever typed them. */
export class BadArguments extends Error {}

/** The options of a run; throws BadArguments. */
export function parse(words) {
  const options = {
    rounds: 3,
    shapes: [...ASKABLE_SHAPES],
    peers: [...PEER_IDS],
    seconds: 4,
    hold: 25,
    foreignMax: 15,
    build: true,
  };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === "--help" || word === "-h") return { help: true };
    if (word === "--no-build" || word === "--store") {
      options[word === "--store" ? "store" : "build"] = word === "--store";
      continue;
    }
    const read = READERS[word];
    if (!read) throw new BadArguments(`${word} is not known. \`bench/compare --help\` lists what is.`);
    const value = rest.shift();
    if (value === undefined || value.startsWith("--")) throw new BadArguments(`${word} wants a value.`);
    const [name, meaning] = read(value, word);
    options[name] = meaning;
  }
  options.generators ??= options.swarm ? ["parlour", "swarm"] : ["parlour"];
  if (options.generators.includes("swarm") && !options.swarm && !options.from) {
    throw new BadArguments("--generators swarm wants --swarm PATH as well.");
  }
  if (options.from && options.into) throw new BadArguments("--from runs nothing, so there is nothing to put --into.");
  return options;
}

const READERS = {
  "--rounds": (value, word) => ["rounds", whole(value, word, 100)],
  "--shapes": (value, word) => ["shapes", several(value, word, ASKABLE_SHAPES)],
  "--peers": (value, word) => ["peers", several(value, word, PEER_IDS)],
  "--seconds": (value, word) => ["seconds", whole(value, word, 600)],
  "--hold": (value, word) => ["hold", whole(value, word, 600)],
  "--clients": (value, word) => ["clientsMax", whole(value, word, 1_000_000)],
  "--foreign-max": (value, word) => ["foreignMax", whole(value, word, 10_000)],
  "--swarm": (value) => ["swarm", value],
  "--generators": (value, word) => ["generators", several(value, word, ["parlour", "swarm"])],
  "--parlour": (value) => ["parlour", value],
  "--data": (value) => ["data", value],
  "--into": (value) => ["into", value],
  "--from": (value) => ["from", value],
  "--docs": (value) => ["docs", value],
};

function whole(value, word, most) {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new BadArguments(`${word} wants a whole number from 1 to ${most.toLocaleString("en")}, not ${value}.`);
  }
  return number;
}

function several(value, word, known) {
  const names = value.split(",").filter((name) => name !== "");
  const unknown = names.filter((name) => !known.includes(name));
  if (names.length === 0 || unknown.length > 0) {
    throw new BadArguments(`${word}: ${unknown.join(", ") || "nothing"} is none of ${known.join(", ")}.`);
  }
  // In the order of the table, whatever the order typed.
  return known.filter((name) => names.includes(name));
}
