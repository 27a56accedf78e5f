/** What is typed wrong is said so; what both generators are told is the same load. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BadArguments, parse } from "./arguments.mjs";
import { PEERS, peer } from "./peers.mjs";
import { impossible, load, parlourArguments, shapesAsked, swarmArguments } from "./shapes.mjs";

test("what is typed wrong is refused with the word that is wrong", () => {
  const refused = (words, why) =>
    assert.throws(
      () => parse(words),
      (error) => error instanceof BadArguments && why.test(error.message),
    );
  refused(["--rounds", "0"], /--rounds wants a whole number from 1 to 100, not 0/);
  refused(["--rounds"], /--rounds wants a value/);
  refused(["--peers", "parlour,slack"], /slack is none of/);
  refused(["--nothing"], /--nothing is not known/);
  refused(["--generators", "swarm"], /wants --swarm PATH/);
  refused(["--from", "a", "--into", "b"], /nothing to put --into/);
});

test("lists keep the order of the table, and swarm joins in where it is given", () => {
  const options = parse(["--shapes", "slow,f1", "--peers", "bun,parlour", "--swarm", "x"]);
  assert.deepEqual(
    [options.shapes, options.peers, options.generators],
    [
      ["f1", "slow"],
      ["parlour", "bun"],
      ["parlour", "swarm"],
    ],
  );
  assert.deepEqual(shapesAsked(options.shapes), ["f1", "slow", "slow30"]);
});

test("a load keeps within the descriptors, in whole rooms", () => {
  const { clients, rooms, senders } = load("f5", { seconds: 4, hold: 25 }, 20_000);
  assert.deepEqual([clients, rooms, senders], [19_800, 990, 990]);
  assert.equal(load("f4", { seconds: 4, hold: 25, clientsMax: 50 }, 20_000).clients, 50);
});

test("both generators are told the same load", () => {
  const numbers = load("f2", { seconds: 4, hold: 25 }, 20_000);
  const ofSwarm = swarmArguments("f2", peer("bun"), "ws://x/ws", numbers, 7).join(" ");
  const ofParlour = parlourArguments("f2", peer("bun"), "ws://x/ws", numbers, 7).join(" ");
  assert.equal(
    ofSwarm,
    "fan --url ws://x/ws --profile bench/profiles/raw.json --server-pid 7 --clients 1000 --ramp 4000 --source-ips 1 " +
      "--senders 1 --rooms 1 --rate 0 --size 128 --window 32 --ack last --duration 4 --warmup 1",
  );
  assert.equal(
    ofParlour,
    "bench ws://x/ws --shape f2 --wire bench/profiles/raw.json --pid 7 --json --clients 1000 --source-ips 1 --ramp 4000 " +
      "--senders 1 --rooms 1 --size 128 --window 32 --seconds 4 --warmup 1 --rate 0 --ack last",
  );
});

test("every shape says of every peer and generator whether it can be run", () => {
  assert.equal(impossible("f5", peer("parlour-classic"), "parlour"), "the tutorial's wire has one room");
  assert.equal(impossible("f1", peer("parlour"), "swarm"), "swarm does not sign in");
  assert.deepEqual(
    PEERS.filter((one) => !impossible("slow30", one, "parlour")).map((one) => one.id),
    ["parlour", "parlour-classic"],
  );
  assert.equal(impossible("f4", peer("tutorial"), "parlour"), "each join is written to everyone: n² frames");
});
