/** The real binary in a folder of its own: started, killed, started again on the same port. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BUILT = ["../target/release/parlour", "../target/debug/parlour"].map((path) => join(process.cwd(), path));

/** The binary under test: `PARLOUR_BIN`, else the release build, else the debug build. */
function binary(): string {
  const found = process.env.PARLOUR_BIN ?? BUILT.find((path) => existsSync(path));
  if (found === undefined) throw new Error("No parlour binary: run `cargo build --release` first.");
  return found;
}

export class House {
  readonly folder = mkdtempSync(join(tmpdir(), "parlour-e2e-"));
  private readonly extra: readonly string[];
  private child: ChildProcess | null = null;
  private port = 0;

  constructor(...extra: string[]) {
    this.extra = extra;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts and waits for the line that says where. */
  start(): Promise<void> {
    const child = spawn(binary(), ["--listen", `127.0.0.1:${this.port}`, "--data", this.folder, ...this.extra]);
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

  /** Stops it and removes its folder. */
  async tearDown(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
