/** Everyone who is run: what each stands for, how it is started, and what it cannot do. */

/** Each join is told to everyone, so 10,000 joins are 50 million writes. */
const JOINS_ARE_N_SQUARED = "each join is written to everyone: n² frames";
const ONE_ROOM = "has one room";

/**
 * `needs` names a build of building.mjs. `command` is given {port, folder, built} and returns [program, arguments, environment].
 * `wire` is what `parlour bench --wire` is given and `profile` what swarm is; without a profile swarm cannot speak to it.
 * `without` says which shapes it is not run under, and why.
 */
export const PEERS = [
  {
    id: "parlour",
    name: "**Parlour**, `parlour.v1`",
    plain: "Parlour",
    does: "durable log, access check, JSON, rooms, sessions",
    needs: "parlour",
    wire: "parlour",
    command: parlour,
    without: {},
  },
  {
    id: "parlour-classic",
    name: "**Parlour**, the tutorial's wire",
    plain: "Parlour, tutorial's wire",
    does: "the same, for clients of the tutorial",
    needs: "parlour",
    wire: "classic",
    profile: "bench/profiles/tutorial.json",
    command: parlour,
    without: { f5: "the tutorial's wire has one room", sends: "the tutorial's wire has no replies" },
  },
  limit("send", "one send for each socket and message"),
  limit("batch", "what came in during a turn: one send for each socket"),
  limit("durable", "as limit-batch, with a write and fdatasync a turn before anyone is sent it"),
  limit("uring", "as limit-batch, sent through io_uring"),
  {
    id: "bun",
    name: "Bun publish/subscribe",
    does: "uWebSockets; stores nothing",
    needs: "bun",
    profile: "bench/profiles/raw.json",
    command: ({ port, built }) => [built.program, ["bench/peers/bun/server.mjs", `${port}`]],
    without: {},
  },
  {
    id: "gorilla",
    name: "gorilla chat hub",
    does: "Go: a hub, a channel of 256 and two goroutines a client",
    needs: "go",
    profile: "bench/profiles/raw.json",
    command: ({ port }) => ["bench/out/gorilla", [`${port}`]],
    without: { f5: ONE_ROOM },
  },
  {
    id: "axum",
    name: "axum chat example",
    does: "Rust: a broadcast channel of 100, two tasks a client",
    needs: "axum",
    profile: "bench/profiles/raw.json",
    command: ({ port }) => ["bench/out/cargo/release/axum-chat", [`${port}`]],
    without: { f5: ONE_ROOM },
  },
  {
    id: "nats",
    name: "nats-server",
    does: "Go: a broker, its protocol over WebSocket; stores nothing",
    needs: "nats",
    profile: "bench/profiles/nats.json",
    command: ({ port }) => ["nats-server", ["-c", "bench/peers/nats/nats.conf"], { NATS_WS_PORT: `${port}` }],
    without: {},
  },
  node("ws", "Node `ws`", "a loop over all clients", "raw", { f5: ONE_ROOM }),
  node("socketio", "Socket.IO", "on ws, with its rooms", "socketio", {}),
  {
    id: "tutorial",
    name: "the tutorial",
    does: "Go: one pool goroutine writes to everyone, as JSON",
    needs: "go",
    wire: "classic",
    profile: "bench/profiles/tutorial.json",
    command: ({ port }) => ["bench/out/tutorial", [`${port}`]],
    without: { f4: JOINS_ARE_N_SQUARED, f5: ONE_ROOM, idle: JOINS_ARE_N_SQUARED },
  },
];

export const PEER_IDS = PEERS.map(({ id }) => id);

/** The one peer of this id. */
export function peer(id) {
  return PEERS.find((one) => one.id === id);
}

/** A name for places that show no Markdown. */
export function plainName(one) {
  return one.plain ?? one.name.replaceAll("`", "");
}

function limit(mode, does) {
  return {
    id: `limit-${mode}`,
    name: `limit-${mode}`,
    does,
    needs: mode === "uring" ? "uring" : "limit",
    profile: "bench/profiles/raw.json",
    command: ({ port, folder }) => [
      "bench/out/cargo/release/limit",
      mode === "durable" ? [mode, `${port}`, folder] : [mode, `${port}`],
    ],
    without: {},
  };
}

function node(id, name, does, profile, without) {
  return {
    id,
    name,
    does,
    needs: "node",
    profile: `bench/profiles/${profile}.json`,
    command: ({ port }) => [process.execPath, [`bench/peers/node/${id}.mjs`, `${port}`]],
    without,
  };
}

function parlour({ port, folder, built }) {
  return [built.program, ["serve", "--rate-limits", "off", "--data", folder, "--listen", `127.0.0.1:${port}`]];
}
