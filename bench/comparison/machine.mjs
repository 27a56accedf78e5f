/** What this machine is: figures mean nothing without it. */
import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { quantile } from "./arithmetic.mjs";
import { run } from "./processes.mjs";

const SYNCS = 200;

/** The facts; the folder is where servers will keep their files. */
export async function machineFacts(folder) {
  mkdirSync(folder, { recursive: true });
  const commit = await run("git", ["rev-parse", "--short", "HEAD"]);
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    memory_bytes: totalmem(),
    system: osName(),
    kernel: `${type()} ${release()} ${arch()}`,
    file_system: fileSystem(folder),
    fdatasync_us: fdatasyncUs(folder),
    descriptors_max: await descriptorsMax(),
    commit: commit.code === 0 ? commit.out.trim() : "unknown",
  };
}

/** `2026-11-25-amd-epyc-2-cores`: no name of a host, which would tell nobody anything. */
export function resultsName(facts, now) {
  const cpu = facts.cpu.toLowerCase().replaceAll(/\(.*?\)|@.*|\b\d+-core\b|processor|cpu/g, "");
  const words = cpu
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .slice(0, 4);
  return [now.toISOString().slice(0, 10), ...words, facts.cores, facts.cores === 1 ? "core" : "cores"].join("-");
}

/** What one append of 4 KiB and its fdatasync take: the price of durability here. */
function fdatasyncUs(folder) {
  const path = join(folder, "fdatasync.probe");
  const file = openSync(path, "w");
  const bytes = Buffer.alloc(4096, "x");
  const took = [];
  for (let round = 0; round < SYNCS; round++) {
    const from = process.hrtime.bigint();
    writeSync(file, bytes);
    fdatasyncSync(file);
    took.push(Number(process.hrtime.bigint() - from) / 1000);
  }
  closeSync(file);
  rmSync(path);
  return { p50: Math.round(quantile(took, 0.5)), p99: Math.round(quantile(took, 0.99)) };
}

/** The type of the file system with the longest mount point above the folder. */
function fileSystem(folder) {
  const mounts = tryRead("/proc/self/mounts")
    .split("\n")
    .map((line) => line.split(" "));
  const path = join(process.cwd(), folder).replace(/\/?$/, "/");
  const above = mounts.filter(([, at, kind]) => kind && path.startsWith(at.replace(/\/?$/, "/")));
  above.sort((one, other) => one[1].length - other[1].length);
  return above.at(-1)?.[2] ?? "unknown";
}

async function descriptorsMax() {
  const { out } = await run("sh", ["-c", "ulimit -Hn"]);
  const most = Number(out);
  return Number.isInteger(most) ? most : 1_000_000;
}

function osName() {
  return tryRead("/etc/os-release").match(/^PRETTY_NAME="?([^"\n]+)/m)?.[1] ?? type();
}

function tryRead(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
