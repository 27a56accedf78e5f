/** The golden trees, read by both languages: TypeScript makes the same plain words of them as Rust does. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goldenTrees } from "../protocol/goldenTrees";
import { plain } from "./plain";

const FOLDER = join(process.cwd(), "../crates/domain/tests/markup");

test("MSG-7: the trees that the types were held against are those of the golden files", () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  const kept = files.map((name) => [name.replace(".json", ""), JSON.parse(readFileSync(join(FOLDER, name), "utf8"))]);
  expect(goldenTrees).toEqual(Object.fromEntries(kept));
});

test("MSG-7: every golden tree has the plain words of its file", () => {
  const entries = Object.values(goldenTrees).flat();
  expect(entries.length).toBeGreaterThanOrEqual(300);
  for (const { text, tree, plain: words } of entries) {
    expect(tree === null ? text : plain(tree, "[hidden]"), text).toBe(words);
  }
});
