/** The real binary in a folder of its own: started, killed, started again on the same port. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BUILT = ["../target/release/parlour", "../target/debug/parlour"].map((path) => join(process.cwd(), path));

/** The binary under test: `PARLOUR_BIN`, else the release build, else the debug build. */
function binary(): string {
  const found = process.env.PARLOUR_BIN ?? BUILT.find((path) => existsSync(path));
  if (found === undefined) throw new Error("No parlour binary: run `cargo build --release` first.");
  return found;
}

type Kind = { readonly flags?: readonly string[]; readonly clock?: boolean };

export class House {
  readonly folder = mkdtempSync(join(tmpdir(), "parlour-e2e-"));
  private readonly flags: readonly string[];
  private readonly environment: NodeJS.ProcessEnv;
  private child: ChildProcess | null = null;
  private port = 0;
  private token: string | null = null;

  /** With `clock` its wall clock can be set; the monotonic one stays the machine's. */
  constructor({ flags = [], clock = false }: Kind = {}) {
    this.flags = flags;
    // A test calls nobody beyond this machine: what is about link cards says so with a flag, which counts more.
    const environment = { ...process.env, PARLOUR_LINK_CARDS: "off" };
    this.environment = clock ? { ...environment, ...fakeClock(this.clockFile) } : environment;
    if (clock) this.setClock(new Date());
  }

  private get clockFile(): string {
    return `${this.folder}.clock`;
  }

  /** From now on the house's wall clock shows this time, and goes on from there. */
  setClock(to: Date): void {
    const seconds = (to.getTime() - Date.now()) / 1_000;
    writeFileSync(this.clockFile, `${seconds < 0 ? "" : "+"}${seconds.toFixed(3)}\n`);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The path of the link that makes the house somebody's own, as it was printed at its start. */
  get ownerLink(): string {
    if (this.token === null) throw new Error("this house has an owner");
    return `/owner/${this.token}`;
  }

  /** Starts and waits for the line that says where. */
  start(): Promise<void> {
    const place = ["--listen", `127.0.0.1:${this.port}`, "--data", this.folder];
    const child = spawn(binary(), [...place, ...this.flags], { env: this.environment });
    this.child = child;
    return new Promise((ready, failed) => {
      let said = "";
      child.stderr.on("data", (data: Buffer) => {
        said += data.toString();
      });
      child.on("exit", (code) => failed(new Error(`parlour ended with ${code}: ${said}`)));
      child.stdout.on("data", (data: Buffer) => {
        const match = /127\.0\.0\.1:(\d+)/.exec(data.toString());
        if (match?.[1] === undefined) return;
        this.port = Number(match[1]);
        this.token = /\/owner\/([\w-]+)/.exec(data.toString())?.[1] ?? null;
        ready();
      });
    });
  }

  /** Ends it as `kill -9` does, or politely. */
  stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.child;
    this.child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((ended) => {
      child.removeAllListeners("exit");
      child.on("exit", () => ended());
      child.kill(signal);
    });
  }

  /** Holds it as it is: what is sent to it arrives at the machine and is not read. */
  freeze(): void {
    this.child?.kill("SIGSTOP");
  }

  /** Stops it and removes its folder. */
  async tearDown(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.clockFile, { force: true });
  }
}

/** The environment that puts libfaketime between a program and the wall clock. */
function fakeClock(file: string): NodeJS.ProcessEnv {
  const places = readdirSync("/usr/lib").map((folder) => `/usr/lib/${folder}/faketime/libfaketime.so.1`);
  const library = places.find((path) => existsSync(path));
  if (library === undefined) throw new Error("libfaketime is missing: run `bin/setup tests`.");
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
}
