/** What the store costs as a house grows: `store-costs` is run once, and its figures become a section of the page. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLine, run } from "./processes.mjs";
import { number, table } from "./writing.mjs";

/** Builds and runs it on the data folder's disk, and keeps the report beside the others. */
export async function measureStore(folder, dataFolder, tell) {
  tell("The store as a house grows: a few minutes ...");
  const built = await run("cargo", ["build", "--release", "--quiet", "-p", "parlour-store-costs"]);
  if (built.code !== 0) throw new Error(`store-costs was not built: ${lastLine(built.tail)}`);
  const { code, out, tail } = await run("target/release/store-costs", [join(dataFolder, "store")]);
  if (code !== 0) throw new Error(`store-costs came to nothing: ${lastLine(tail)}`);
  writeFileSync(join(folder, "store.json"), out);
}

/** Undefined where it was not run. */
export function readStore(folder) {
  const path = join(folder, "store.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** The section of the page: figures, goals and verdicts. */
export function storeSection(store) {
  if (!store) return "";
  const { history, growth, sends } = store;
  const { old, young } = history;
  const most = (value, bound, unit) => [`≤ ${bound}${unit}`, value <= bound ? "met" : "**not met**"];
  const least = (value, bound, unit) => [`≥ ${bound}${unit}`, value >= bound ? "met" : "**not met**"];
  const row = (what, value, digits, unit, verdict) => [what, `${number(value, digits)}${unit}`, ...verdict];
  const of = (room) => `${number(room.messages)} messages`;
  const aged = Math.max(old.newest.cpu_us / young.newest.cpu_us, old.within.cpu_us / young.within.cpu_us);
  const grown = growth.many.cpu_us_per_message / growth.few.cpu_us_per_message;
  const rows = [
    row(`a page of 50 out of ${of(old)}, p99`, old.within.p99_us / 1000, 2, " ms", most(old.within.p99_us / 1000, 2, " ms")),
    row(`its CPU, × that of a room of ${of(young)}`, aged, 2, "", most(aged, 1.15, "")),
    row(
      "the rooms that a client is first given, nothing of the old one read, p99",
      ...[old.rooms_of_reader.p99_us / 1000, 2, " ms", most(old.rooms_of_reader.p99_us / 1000, 2, " ms")],
    ),
    row(
      `CPU of a message in a house of ${number(growth.many.rooms)} rooms, × that in one of ${number(growth.few.rooms)}`,
      ...[grown, 2, "", most(grown, 1.15, "")],
    ),
    row("durable messages a second from 64 senders", sends.per_s, 0, "", least(sends.per_s, 20_000, "")),
    row("the same, × a bare loop over the same tables", sends.ratio, 2, "", least(sends.ratio, 0.5, "")),
  ];
  return `## The store as a house grows

Measured on the store itself, without sockets (\`store-costs\`): ${number(young.newest.cpu_us)} µs of CPU for the newest page of a
young room, ${number(old.newest.cpu_us)} µs for that of an old one; ${number(growth.few.cpu_us_per_message, 1)} µs for a message among few
rooms, ${number(growth.many.cpu_us_per_message, 1)} µs among many. The bare loop inserts the same rows, ${Math.round(mean(sends.batches))} in a transaction as the
store did, asks nothing and answers nobody.

${table(["figure", "seen", "goal", ""], rows)}`;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
