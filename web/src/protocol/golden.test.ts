/** The golden frames, read by both languages: what Rust writes is what TypeScript's types say. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clientFrames, serverFrames } from "./golden";
import { decode } from "./index";

const FOLDER = join(process.cwd(), "../crates/protocol/tests/golden");
const kept = new Map(
  readdirSync(FOLDER).map((name) => [name.replace(".json", ""), readFileSync(join(FOLDER, name), "utf8")]),
);

test("CON-4: every golden file is one of the frames that the types were held against", () => {
  expect([...kept.keys()].sort()).toEqual([...Object.keys(serverFrames), ...Object.keys(clientFrames)].sort());
  for (const [name, frame] of Object.entries({ ...serverFrames, ...clientFrames })) {
    expect(JSON.parse(kept.get(name) ?? "null"), name).toEqual(frame);
  }
});

test("CON-4: every frame of the server is read, and CON-5: what is no frame is ignored", () => {
  for (const [name, frame] of Object.entries(serverFrames)) expect(decode(kept.get(name) ?? ""), name).toEqual(frame);
  for (const text of ["", "null", "[]", "7", "{}", '{"t"']) expect(decode(text), text).toBeNull();
});
