/** What narrows a list, in the order of how well it fits (T27). */

import { expect, test } from "vitest";
import { fitOf, folded } from "./fit";

function ordered(names: readonly string[], wanted: string): readonly string[] {
  const fits = names.map((name) => [name, fitOf(folded(name), folded(wanted))] as const);
  return fits
    .filter(([, how]) => how !== null)
    .sort(([, a], [, b]) => (a ?? 0) - (b ?? 0))
    .map(([name]) => name);
}

test("T27: the whole name comes before its beginning, a word, a piece, and letters in order", () => {
  const names = ["the big eel", "keel", "eel", "even odder", "eel soup", "ever so elegant", "els"];
  expect(ordered(names, "eel")).toEqual(["eel", "eel soup", "the big eel", "keel", "ever so elegant"]);
});

test("T27: a name is found by letters that were left out or swapped with none before them", () => {
  expect(ordered(["engineering", "lobby", "greeting"], "egn")).toEqual(["engineering"]);
});

test("T27: case, accents and width are not typed by everybody", () => {
  expect(ordered(["Ångström", "ＦＵＬＬ", "other"], "angstrom")).toEqual(["Ångström"]);
  expect(ordered(["Ångström", "ＦＵＬＬ", "other"], "full")).toEqual(["ＦＵＬＬ"]);
});

test("T27: an i is an i with a dot and without one, small and large", () => {
  const names = ["Işık", "İrem", "ISMET", "other"];
  for (const typed of ["ı", "i", "I", "İ"]) expect(ordered(names, typed)).toEqual(["Işık", "İrem", "ISMET"]);
  expect(ordered(names, "işik")).toEqual(["Işık"]);
});

test("T27: a word that begins later in a name counts although it stands inside another one first", () => {
  expect(fitOf("unrelated relay", "rela")).toBe(fitOf("big relay", "rela"));
});
