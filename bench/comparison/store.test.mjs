/** Run with node's own test runner: node --test bench/comparison/*.test.mjs */
import assert from "node:assert/strict";
import { test } from "node:test";
import { storeSection } from "./store.mjs";

function store({ oldCpu = 80, p99 = 130, many = 10, perS = 30_000, ratio = 0.9 } = {}) {
  const read = (cpu_us) => ({ cpu_us, p50_us: cpu_us, p99_us: p99 });
  const room = (messages, cpu) => ({ messages, newest: read(cpu), within: read(cpu), rooms_of_reader: read(cpu) });
  return {
    history: { young: room(1000, 80), old: room(1_000_000, oldCpu) },
    growth: { few: { rooms: 10, cpu_us_per_message: 10 }, many: { rooms: 99_000, cpu_us_per_message: many } },
    sends: { per_s: perS, bare_per_s: perS / ratio, ratio, batches: [200, 202] },
  };
}

test("all goals are met by good figures, and each bad figure fails its own", () => {
  assert.equal(storeSection(store()).match(/not met/g), null);
  for (const [bad, times] of [
    [{ oldCpu: 160 }, 1],
    [{ p99: 2500 }, 2],
    [{ many: 12 }, 1],
    [{ perS: 19_000 }, 1],
    [{ ratio: 0.4 }, 1],
  ]) {
    assert.equal(storeSection(store(bad)).match(/\*\*not met\*\*/g)?.length, times, JSON.stringify(bad));
  }
});

test("what was not run has no section", () => {
  assert.equal(storeSection(undefined), "");
});
