/** The loads, and how each of the two generators is told to make one. */

/** Descriptors a process keeps for itself: standard streams, its listener, epoll, files of a database. */
const DESCRIPTORS_SPARE = 200;

/** `only` limits a shape to some peers; `asked` is the name it goes by on the command line, where that is another's. */
export const SHAPES = {
  f1: {
    title: "F1: 1,000 in a room, 100 messages/s of 128 bytes",
    mode: "fan",
    load: { clients: 1000, senders: 1, rate: 100, ramp: 4000 },
  },
  f2: {
    title: "F2: 1,000 in a room, 32 messages in flight, the next when the last client has one",
    mode: "fan",
    load: { clients: 1000, senders: 1, rate: 0, window: 32, ack: "last", ramp: 4000 },
  },
  f3: {
    title: "F3: 50 in a room, all talking, each waits for its own echo",
    mode: "fan",
    load: { clients: 50, senders: 50, rate: 0, window: 1, ack: "echo", ramp: 4000 },
  },
  f4: {
    title: "F4: 10,000 in a room, 10 messages/s",
    mode: "fan",
    load: { clients: 10_000, senders: 1, rate: 10, ramp: 5000 },
  },
  f5: {
    title: "F5: rooms of 20, 2,000 messages/s in all",
    mode: "fan",
    load: { clients: 20_000, perRoom: 20, rate: 2000, ramp: 5000 },
  },
  idle: { title: "Idle: connections that say nothing", mode: "idle", load: { clients: 19_000, ramp: 20_000 } },
  slow: {
    title: "Slow: 10 of 300 stop reading, 150 messages/s of 4 KiB",
    mode: "slow",
    load: { clients: 300, senders: 1, rate: 150, size: 4096, slow: 10, ramp: 4000 },
  },
  slow30: {
    title: "Slow: 30 of 300 stop reading",
    mode: "slow",
    asked: "slow",
    only: ["parlour", "parlour-classic"],
    load: { clients: 300, senders: 1, rate: 150, size: 4096, slow: 30, ramp: 4000 },
  },
  sends: {
    title: "Durable sends: 64 senders in 64 rooms, 32 in flight each, waiting for replies; then one, one at a time",
    mode: "sends",
    only: ["parlour"],
    load: { clients: 64, senders: 64, rooms: 64, window: 32 },
  },
};

/** What can be asked for by name. */
export const ASKABLE_SHAPES = Object.keys(SHAPES).filter((id) => !SHAPES[id].asked);

/** The shapes behind the names asked for. */
export function shapesAsked(names) {
  return Object.keys(SHAPES).filter((id) => names.includes(SHAPES[id].asked ?? id));
}

/** Why this generator cannot do this with this peer; undefined when it can. */
export function impossible(shapeId, peer, generator) {
  const shape = SHAPES[shapeId];
  const named = shape.asked ?? shapeId;
  if (peer.without[named]) return peer.without[named];
  if (shape.only && !shape.only.includes(peer.id)) return `only ${shape.only.join(" and ")}`;
  if (generator === "swarm" && shape.mode === "sends") return "swarm counts deliveries, not replies";
  if (generator === "swarm" && !peer.profile) return "swarm does not sign in";
  return undefined;
}

/** The numbers of a run: the shape's, within what this machine and `--clients` allow. */
export function load(shapeId, { seconds, hold, clientsMax }, descriptorsMax) {
  const { mode, load: wanted } = SHAPES[shapeId];
  const { perRoom, ...numbers } = { size: 128, rooms: 1, window: 1, ack: "echo", seconds, warmup: 1, ...wanted };
  const most = Math.min(clientsMax ?? Infinity, descriptorsMax - DESCRIPTORS_SPARE);
  numbers.clients = Math.min(numbers.clients, most);
  if (perRoom) {
    numbers.rooms = Math.max(1, Math.floor(numbers.clients / perRoom));
    numbers.clients = Math.min(numbers.clients, numbers.rooms * perRoom);
    numbers.senders = numbers.rooms;
  }
  numbers.senders = Math.min(numbers.senders ?? 1, numbers.clients);
  if (mode === "slow") {
    // Loopback's kernel buffers swallow 3 to 5 MB for each reader before a server notices anything.
    numbers.seconds = seconds * 3;
    numbers.slow = Math.min(numbers.slow, Math.floor(numbers.clients / 3));
  }
  if (mode === "idle") numbers.hold = hold;
  // One address has 28,000 ports, and the last run's may still be waiting to be free.
  numbers.sourceIps = numbers.clients > 5000 ? 2 : 1;
  return numbers;
}

/** The command line of swarm. */
export function swarmArguments(shapeId, peer, url, numbers, pid) {
  const { mode } = SHAPES[shapeId];
  const words = [mode, "--url", url, "--profile", peer.profile, "--server-pid", pid];
  words.push("--clients", numbers.clients, "--ramp", numbers.ramp, "--source-ips", numbers.sourceIps);
  if (mode === "idle") return [...words, "--hold", numbers.hold, "--settle", 2].map(String);
  words.push("--senders", numbers.senders, "--rooms", numbers.rooms, "--rate", numbers.rate, "--size", numbers.size);
  words.push(
    "--window",
    numbers.window,
    "--ack",
    numbers.ack,
    "--duration",
    numbers.seconds,
    "--warmup",
    numbers.warmup,
  );
  if (mode === "slow") words.push("--slow", numbers.slow, "--rcvbuf", 4096);
  return words.map(String);
}

/** The command line of `parlour bench`: the preset, and its numbers beside it, so that both generators do the same. */
export function parlourArguments(shapeId, peer, url, numbers, pid) {
  const { asked, mode } = SHAPES[shapeId];
  const words = [
    "bench",
    url,
    "--shape",
    asked ?? shapeId,
    "--wire",
    peer.wire ?? peer.profile,
    "--pid",
    pid,
    "--json",
  ];
  words.push("--clients", numbers.clients, "--source-ips", numbers.sourceIps);
  if (numbers.ramp) words.push("--ramp", numbers.ramp);
  if (mode === "idle") return [...words, "--seconds", numbers.hold].map(String);
  words.push("--senders", numbers.senders, "--rooms", numbers.rooms, "--size", numbers.size);
  words.push("--window", numbers.window, "--seconds", numbers.seconds, "--warmup", numbers.warmup);
  if (mode !== "sends") words.push("--rate", numbers.rate, "--ack", numbers.ack);
  if (mode === "slow") words.push("--slow", numbers.slow);
  return words.map(String);
}
