/** A provider of identities that the tests start: npm's oidc-provider, as `crates/server/tests/provider` has it. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Person } from "./people";

/** What the button calls it. */
export const TITLE = "Example";

/** Runs one for the tests of a file, and puts what a house must be told of it into `flags`. */
export function withProvider(flags: string[]): void {
  const folder = mkdtempSync(join(tmpdir(), "parlour-provider-"));
  const script = join(process.cwd(), "../crates/server/tests/provider/provider.mjs");
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "ignore"] });
  beforeAll(async () => {
    const secret = join(folder, "secret");
    writeFileSync(secret, "a secret of the tests", { mode: 0o600 });
    const issuer = await new Promise<string>((said, failed) => {
      child.stdout.once("data", (data: Buffer) => said(data.toString().trim()));
      child.once("exit", () => failed(new Error("no provider: bin/setup tests installs what it needs")));
    });
    child.stdout.resume();
    flags.push("--oidc-issuer", issuer, "--oidc-client-id", "parlour", "--oidc-client-secret-file", secret);
    flags.push("--oidc-name", "example", "--oidc-title", TITLE);
  });
  afterAll(() => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
}

/** Signs in on the provider's page. */
export async function signsInThere(person: Person, login: string): Promise<void> {
  await person.page.getByLabel("Who are you?").fill(login);
  await person.page.getByRole("button", { name: "Sign in" }).click();
}
