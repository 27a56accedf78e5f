/** What is offered for a word, and in which order (T26). */

import { expect, test } from "vitest";
import { type Known, optionsFor } from "./options";
import type { Sign } from "./word";

const KNOWN: Known = {
  you: 1,
  people: [
    { id: 1, name: "Ada", online: true },
    { id: 2, name: "Grace Hopper", online: false },
    { id: 3, name: "Greta", online: true },
    { id: 4, name: "Alan Graves", online: true },
  ],
  spoke: [],
  rooms: [
    { id: 1, name: "lobby" },
    { id: 2, name: "engineering" },
    { id: 3, name: "green room" },
  ],
  slashes: ["me", "topic", "leave"],
  mayCallAll: false,
  tone: 0,
  most: 8,
};

function inserts(sign: Sign, typed: string, known: Partial<Known> = {}): readonly string[] {
  return optionsFor({ sign, from: 0, typed }, { ...KNOWN, ...known }).map(({ insert }) => insert);
}

test("T26: people are offered by the beginning of a name, then of a part of it, those who are here first, never oneself", () => {
  expect(inserts("@", "gr")).toEqual(["@Greta ", "@Grace Hopper ", "@Alan Graves "]);
  expect(inserts("@", "a")).not.toContain("@Ada ");
});

test("T26: among equals who spoke here last comes first", () => {
  expect(inserts("@", "gr", { spoke: [2] })[0]).toBe("@Grace Hopper ");
});

test("T26: everyone is called by those alone who may", () => {
  expect(inserts("@", "ro")).not.toContain("@room ");
  expect(inserts("@", "ro", { mayCallAll: true })).toContain("@room ");
});

test("T26: rooms, emoji and commands are offered by their signs", () => {
  expect(inserts("#", "gre")).toEqual(["#green room "]);
  expect(inserts(":", "tada")[0]).toBe("🎉 ");
  expect(inserts("/", "to")).toEqual(["/topic "]);
  expect(inserts("/", "")).toEqual(["/me ", "/topic ", "/leave "]);
});
