/** The raw reports on disk: one file a run, `SHAPE/ROUND-PEER-GENERATOR-ATTEMPT.json`, and `machine.json` beside them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A record: {round, shape, peer, generator, attempt, load, report} or, of a run that came to nothing, {…, failed: why}. */
export function writeRecord(folder, record) {
  const { round, shape, peer, generator, attempt } = record;
  mkdirSync(join(folder, shape), { recursive: true });
  writeJson(join(folder, shape, `${round}-${peer}-${generator}-${attempt}.json`), record);
}

/** All records of a folder. */
export function readRecords(folder) {
  const records = [];
  for (const shape of entries(folder)) {
    if (!shape.isDirectory()) continue;
    for (const file of entries(join(folder, shape.name))) {
      if (file.name.endsWith(".json")) records.push(readJson(join(folder, shape.name, file.name)));
    }
  }
  return records;
}

export function writeMachine(folder, machine) {
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, "machine.json"), machine);
}

/** Undefined where there is none. */
export function readMachine(folder) {
  const path = join(folder, "machine.json");
  return existsSync(path) ? readJson(path) : undefined;
}

function entries(folder) {
  const all = readdirSync(folder, { withFileTypes: true });
  return all.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (why) {
    throw new Error(`${path} cannot be read: ${why.message}`);
  }
}

function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, null, 1)}\n`);
}
