/** Processes that are started here are ended here, whatever happens to the script. */
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { constants } from "node:os";

const OUTPUT_KEPT = 4000;
const READY_MS_MAX = 20_000;
/** Parlour writes its queue and goes within 5 s. */
const STOP_MS_MAX = 8_000;

const running = new Set();

/** Ends what runs when the script is told to end; `tidy` removes what is left on the disk. */
export function endWithScript(tidy) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      process.stderr.write("\nStopping: ending what was started.\n");
      process.exit(128 + constants.signals[signal]);
    });
  }
  // Also on an error: an exit of any kind passes here, and killing is immediate.
  process.on("exit", () => {
    for (const child of running) killGroup(child, "SIGKILL");
    tidy();
  });
}

/**
 * Starts a program with as many descriptors as are allowed, in a process group of its own, so that what it starts ends with
 * it. `exec` keeps the shell's process id for the program: its CPU is what is measured.
 */
export function start(program, words, { environment = {}, quiet = true } = {}) {
  const child = spawn("sh", ["-c", 'ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$0" "$@"', program, ...words], {
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.out = "";
  child.tail = "";
  child.stdout.on("data", (bytes) => {
    child.out += bytes;
    if (quiet) child.out = child.out.slice(-OUTPUT_KEPT);
    child.tail = (child.tail + bytes).slice(-OUTPUT_KEPT);
  });
  child.stderr.on("data", (bytes) => {
    child.tail = (child.tail + bytes).slice(-OUTPUT_KEPT);
  });
  child.ended = new Promise((resolve) => {
    child.on("error", (why) => resolve({ code: -1, why: why.message }));
    child.on("close", (code, signal) => resolve({ code: code ?? -1, why: signal ?? `exit status ${code}` }));
  });
  child.ended.then(() => running.delete(child));
  return child;
}

/** Runs to the end; {code, out, tail}. A run past `limitMs` is ended. */
export async function run(program, words, { environment, limitMs = 0 } = {}) {
  const child = start(program, words, { environment, quiet: false });
  const timer = limitMs > 0 ? setTimeout(() => killGroup(child, "SIGKILL"), limitMs) : undefined;
  const { code } = await child.ended;
  clearTimeout(timer);
  return { code, out: child.out, tail: child.tail.trim() };
}

/** Waits until a server takes connections; throws with its last words when it ends or takes none. */
export async function takesConnections(child, port) {
  let ended;
  child.ended.then((how) => {
    ended = how;
  });
  const deadline = Date.now() + READY_MS_MAX;
  while (Date.now() < deadline) {
    if (ended) throw new Error(`it ended at once (${ended.why}): ${lastLine(child.tail)}`);
    if (await connects(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it took no connection within ${READY_MS_MAX / 1000} s: ${lastLine(child.tail)}`);
}

/** Asks it to end, and makes it. */
export async function stop(child) {
  killGroup(child, "SIGTERM");
  const timer = setTimeout(() => killGroup(child, "SIGKILL"), STOP_MS_MAX);
  await child.ended;
  clearTimeout(timer);
}

/** A loopback port that nobody uses at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The last thing that was said. */
export function lastLine(text) {
  return text.trim().split("\n").at(-1) || "it said nothing";
}

function connects(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has gone already.
  }
}
