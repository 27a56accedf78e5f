/**
 * One connection to the house that comes back by itself: greeting with cursors, replies by `ref`, heartbeat, back-off.
 * It knows no rooms and no state; it is asked for a hello and hands on frames.
 */

import {
  type Command,
  decode,
  type Hello,
  type Refusal,
  type Reply,
  type ServerFrame,
  type Welcome,
} from "../protocol";
import { backoffMs } from "./backoff";

/** A reply that has not come after this long will not (UX 3.7.8). */
const REPLY_MS = 10_000;
const PING_MS = 20_000;
/** Who was silent for this long is dead; it is looked for with every beat, so that it is never noticed later. */
const DEAD_MS = 45_000;
const BEAT_MS = 5_000;
/** A beat this late means that the machine slept. */
const WAKE_GAP_MS = 10_000;
/** An attempt that was not welcomed after this long is given up; a dead network answers nothing, not even no. */
const WELCOME_MS = 10_000;
/** A connection that does not answer a probe for this long is taken for dead. */
const PROBE_MS = 5_000;

export type Status =
  | { readonly type: "connecting" }
  | { readonly type: "online" }
  | { readonly type: "waiting" }
  | { readonly type: "signed_out" };

/** A refusal, or `null` when the connection went before the answer came. */
export type Asked = { readonly reply: Reply } | { readonly refusal: Refusal | null };

export type ClientHooks = {
  readonly hello: () => Hello;
  readonly onWelcome: (welcome: Welcome) => void;
  readonly onFrame: (frame: ServerFrame) => void;
  readonly onStatus: (status: Status) => void;
  /** Asks whether the session still stands when the handshake fails. */
  readonly isSignedIn: () => Promise<boolean>;
};

export type Client = {
  start(): void;
  stop(): void;
  ask(command: Command): Promise<Asked>;
  /** Asks as soon as there is a connection, which may come a moment after the page or after a loss. */
  askOnceOnline(command: Command): Promise<Asked>;
  /** Says something that is not answered. */
  say(command: Command): void;
  tryNow(): void;
};

type Waiting = { readonly answer: (asked: Asked) => void; readonly timer: ReturnType<typeof setTimeout> };

/** Makes a client; `start` opens it. */
export function createClient(hooks: ClientHooks): Client {
  let socket: WebSocket | null = null;
  let online = false;
  let stopped = true;
  let attempt = 0;
  let nextRef = 1;
  let heardMs = 0;
  let spreadMs = 0;
  let beatMs = Date.now();
  let pingedMs = 0;
  let probing: WebSocket | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let welcomeTimer: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Map<number, Waiting>();
  const arrivals = new Set<(online: boolean) => void>();

  function settle(ref: number, asked: Asked): void {
    const found = waiting.get(ref);
    if (found === undefined) return;
    clearTimeout(found.timer);
    waiting.delete(ref);
    found.answer(asked);
  }

  function send(command: Command): number {
    const ref = nextRef;
    nextRef = (nextRef % 0x7fffffff) + 1;
    socket?.send(JSON.stringify({ ref, ...command }));
    return ref;
  }

  function ask(command: Command): Promise<Asked> {
    if (!online) return Promise.resolve({ refusal: null });
    const asking = socket;
    return request(command, REPLY_MS, () => {
      if (online && socket === asking) void probe();
    });
  }

  async function askOnceOnline(command: Command): Promise<Asked> {
    return online || (await arrival()) ? ask(command) : { refusal: null };
  }

  /** Whether there is a connection within the time of a reply. */
  function arrival(): Promise<boolean> {
    return new Promise((answer) => {
      const arrived = (now: boolean): void => {
        clearTimeout(timer);
        arrivals.delete(arrived);
        answer(now);
      };
      const timer = setTimeout(() => arrived(false), REPLY_MS);
      arrivals.add(arrived);
    });
  }

  function request(command: Command, withinMs: number, onSilence?: () => void): Promise<Asked> {
    return new Promise((answer) => {
      const ref = send(command);
      const timer = setTimeout(() => {
        settle(ref, { refusal: null });
        onSilence?.();
      }, withinMs);
      waiting.set(ref, { answer, timer });
    });
  }

  function open(): void {
    clearTimeout(retryTimer);
    hooks.onStatus({ type: "connecting" });
    const scheme = window.location.protocol === "https:" ? "wss:" : "ws:";
    const opening = new WebSocket(`${scheme}//${window.location.host}/ws`, "parlour.v1");
    socket = opening;
    heardMs = Date.now();
    let opened = false;
    clearTimeout(welcomeTimer);
    welcomeTimer = setTimeout(() => {
      if (socket !== opening) return;
      lost(1006, true);
      opening.close();
    }, WELCOME_MS);
    opening.addEventListener("open", () => {
      opened = true;
      void greet(opening);
    });
    opening.addEventListener("message", (event: MessageEvent<string>) => {
      if (socket !== opening) return;
      heardMs = Date.now();
      const frame = decode(event.data);
      if (frame !== null) take(frame);
    });
    opening.addEventListener("close", (event) => {
      if (socket !== opening) return;
      lost(event.code, opened);
    });
  }

  async function greet(opening: WebSocket): Promise<void> {
    const asked = await request({ t: "hello", ...hooks.hello() }, WELCOME_MS);
    if (socket !== opening) return;
    // The welcome itself was taken in `take`, before the events behind it.
    if (!("reply" in asked)) opening.close();
  }

  function take(frame: ServerFrame): void {
    if (frame.t === "reply") {
      if (frame.reply.is === "welcome") {
        clearTimeout(welcomeTimer);
        online = true;
        attempt = 0;
        hooks.onWelcome(frame.reply);
        hooks.onStatus({ type: "online" });
        for (const arrived of [...arrivals]) arrived(true);
      }
      settle(frame.ref, { reply: frame.reply });
    } else if (frame.t === "refusal") {
      settle(frame.ref, { refusal: frame.refusal });
    } else {
      if (frame.t === "notice" && frame.notice.kind === "draining") spreadMs = frame.notice.spread_ms;
      hooks.onFrame(frame);
    }
  }

  /** Forgets the present socket; what was asked over it is not answered any more. */
  function letGo(): WebSocket | null {
    const old = socket;
    socket = null;
    online = false;
    clearTimeout(welcomeTimer);
    for (const ref of [...waiting.keys()]) settle(ref, { refusal: null });
    return old;
  }

  function lost(code: number, opened: boolean): void {
    letGo();
    if (stopped) return;
    if (code === 4001) {
      signedOut();
      return;
    }
    if (!opened) {
      // A refused handshake says nothing to a page; the house is asked in another way.
      void hooks.isSignedIn().then((signedIn) => {
        if (!signedIn && socket === null) signedOut();
      });
    }
    const wait = spreadMs > 0 ? Math.random() * spreadMs : backoffMs(attempt, Math.random());
    spreadMs = 0;
    attempt += 1;
    hooks.onStatus({ type: "waiting" });
    retryTimer = setTimeout(open, wait);
  }

  function signedOut(): void {
    stop();
    hooks.onStatus({ type: "signed_out" });
  }

  function stop(): void {
    stopped = true;
    clearTimeout(retryTimer);
    letGo()?.close(1000);
    for (const arrived of [...arrivals]) arrived(false);
  }

  /** Drops a connection that may be dead without knowing, and opens another at once. */
  function reopen(): void {
    letGo()?.close();
    open();
  }

  function tryNow(): void {
    if (stopped) return;
    attempt = 0;
    // An attempt under way may hang on a network that is gone, so it is made anew.
    if (online) void probe();
    else reopen();
  }

  /** Whether the connection still lives, whatever the browser believes of the network. */
  async function probe(): Promise<void> {
    const asking = socket;
    if (probing === asking) return;
    probing = asking;
    const asked = await request({ t: "ping" }, PROBE_MS);
    if (probing === asking) probing = null;
    if (socket !== asking) return;
    if ("reply" in asked) hooks.onStatus({ type: "online" });
    else reopen();
  }

  function beat(): void {
    const now = Date.now();
    const slept = now - beatMs > BEAT_MS + WAKE_GAP_MS;
    beatMs = now;
    if (stopped || socket === null) return;
    if (now - heardMs > DEAD_MS - BEAT_MS) {
      reopen();
    } else if (slept) {
      tryNow();
    } else if (online && now - pingedMs >= PING_MS) {
      pingedMs = now;
      send({ t: "ping" });
    }
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      attempt = 0;
      open();
    },
    stop,
    ask,
    askOnceOnline,
    say(command) {
      if (online) send(command);
    },
    tryNow,
    // Kept for the life of the page: one timer, one listener each.
    ...listen(tryNow, beat),
  };
}

function listen(tryNow: () => void, beat: () => void): Record<string, never> {
  setInterval(beat, BEAT_MS);
  window.addEventListener("online", tryNow);
  window.addEventListener("offline", tryNow);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") tryNow();
  });
  return {};
}
