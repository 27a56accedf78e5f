/** Builds what can be built, installs what root may install, and says what cannot be had. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { lastLine, run } from "./processes.mjs";

const CARGO_OUT = "bench/out/cargo";

/** Each returns {version, program?} or throws with the reason why it is not to be had. */
const BUILDS = {
  parlour: async ({ build, parlour }) => {
    if (parlour) return { program: parlour, version: await says(parlour, ["--version"]) };
    if (build) {
      await must("bin/setup", []);
      await must("cargo", ["build", "--release", "--quiet"]);
    }
    return { program: "target/release/parlour", version: await says("target/release/parlour", ["--version"]) };
  },
  limit: async ({ build }) => {
    if (build) await cargo("bench/peers/limit");
    return { version: await says("rustc", ["--version"]) };
  },
  uring: async ({ build }) => {
    if (build) await cargo("bench/peers/limit");
    // Port 0 is any free one: it is only to see whether the kernel lets it begin. It runs on until it is ended.
    const { tail } = await run(`${CARGO_OUT}/release/limit`, ["uring", "0"], { limitMs: 500 });
    if (!tail.startsWith("listening")) throw new Error(lastLine(tail).replace("limit: ", ""));
    return { version: await says("rustc", ["--version"]) };
  },
  axum: async ({ build }) => {
    if (build) await cargo("bench/peers/axum");
    if (!existsSync(`${CARGO_OUT}/release/axum-chat`)) throw new Error("it is not built");
    return { version: `axum ${lockedVersion(await says("cat", ["bench/peers/axum/Cargo.lock"]), "axum")}` };
  },
  go: async ({ build }) => {
    const sources = "/usr/share/gocode/src/github.com/gorilla/websocket";
    const here = () => existsSync(sources);
    if (build)
      await debian(["golang-go", "golang-github-gorilla-websocket-dev"], async () => here() && (await has("go")));
    if (!here()) throw new Error("it wants gorilla/websocket: apt-get install golang-github-gorilla-websocket-dev");
    const version = await says("go", ["version"]);
    for (const name of build ? ["tutorial", "gorilla"] : []) {
      // Debian's package is a GOPATH: no module proxy is asked.
      const environment = { GO111MODULE: "off", GOPATH: "/usr/share/gocode" };
      await must("go", ["build", "-o", `bench/out/${name}`, `./bench/peers/${name}`], environment);
    }
    return { version: version.replace("go version ", "") };
  },
  node: async ({ build }) => {
    if (build) await npm("bench/peers/node");
    const [ws, io] = ["ws", "socket.io"].map((name) => installed(`bench/peers/node/node_modules/${name}/package.json`));
    if (!ws || !io) throw new Error("its packages are not installed");
    return { version: `Node ${process.version}, ws ${await version(ws)}, Socket.IO ${await version(io)}` };
  },
  bun: async ({ build }) => {
    if (build) await npm("bench/peers/bun");
    // The package holds a binary for each kind of processor; the one that runs here is taken without npm's scripts.
    const folder = "bench/peers/bun/node_modules/@oven";
    if (!existsSync(folder)) throw new Error("its package is not installed");
    const programs = readdirSync(folder).map((name) => `${folder}/${name}/bin/bun`);
    return Promise.any(
      programs.map(async (program) => ({ program, version: `Bun ${await says(program, ["--version"])}` })),
    );
  },
  nats: async ({ build }) => {
    if (build) await debian(["nats-server"], () => has("nats-server"));
    return { version: await says("nats-server", ["--version"]) };
  },
};

/** Builds what these peers need, one after the other: {needed: {version, program?} or {missing: why}}. */
export async function buildAll(peers, options, tell) {
  const built = {};
  for (const needed of new Set(peers.map((peer) => peer.needs))) {
    tell(`Making ${needed} ready ...`);
    try {
      built[needed] = await BUILDS[needed](options);
    } catch (why) {
      built[needed] = { missing: why.message };
      tell(`  ${needed} is not run: ${why.message}`);
    }
  }
  return built;
}

/** Whether this binary has a load generator. */
export async function canBench({ program }) {
  if (!program) return false;
  const { code } = await run(program, ["bench", "--help"], { limitMs: 5000 });
  return code === 0;
}

async function must(program, words, environment) {
  const { code, tail } = await run(program, words, { environment });
  if (code !== 0) throw new Error(`${program} ${words.join(" ")}: ${lastLine(tail)}`);
}

/** What a program prints, as the proof that it is there. */
async function says(program, words) {
  const { code, out, tail } = await run(program, words, { limitMs: 10_000 });
  if (code !== 0) throw new Error(`${program} is not there or does not run: ${lastLine(tail)}`);
  return out.trim();
}

async function has(program) {
  return (await run("sh", ["-c", `command -v ${program}`])).code === 0;
}

function cargo(folder) {
  const manifest = `${folder}/Cargo.toml`;
  return must("cargo", [
    "build",
    "--release",
    "--quiet",
    "--locked",
    "--manifest-path",
    manifest,
    "--target-dir",
    CARGO_OUT,
  ]);
}

async function npm(folder) {
  const [lock, made] = ["package-lock.json", "node_modules/.package-lock.json"].map((name) => `${folder}/${name}`);
  if (existsSync(made) && statSync(made).mtimeMs >= statSync(lock).mtimeMs) return;
  await must("npm", ["--prefix", folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
}

/** Debian's packages, when root; otherwise the words to type. */
async function debian(packages, isThere) {
  if (await isThere()) return;
  const line = `apt-get install ${packages.join(" ")}`;
  if (process.getuid?.() !== 0 || !(await has("apt-get"))) throw new Error(`it wants Debian's packages: ${line}`);
  process.stderr.write(`Installing Debian's packages: ${packages.join(" ")} ...\n`);
  await must("apt-get", ["update", "-qq"]);
  // RUNLEVEL=1: a package that is a server does not start one of its own.
  const environment = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  await must("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], environment);
}

function installed(path) {
  return existsSync(path) ? path : undefined;
}

async function version(manifest) {
  return JSON.parse(await says("cat", [manifest])).version;
}

function lockedVersion(lock, name) {
  return lock.match(new RegExp(`name = "${name}"\\nversion = "([^"]+)"`))?.[1] ?? "of unknown version";
}
