/** What sees, inside the page, when something was painted. `installEye` runs there before any script of the client. */

export type Eye = {
  /** When the next frame has been painted, in milliseconds since the page began. */
  painted(): Promise<number>;
  /** When the first message was painted. */
  readonly firstMessage: Promise<number>;
  /** Resolves when what is asked holds and has been painted. */
  until(holds: () => boolean): Promise<number>;
  /** When the page was given a frame of the wire that holds these words. */
  heard(words: string): number;
  /** From now on: the length of frames and of long tasks. */
  watch(): void;
  /** Until now. */
  watched(): { readonly frames: number[]; readonly tasks: number[] };
};

declare global {
  interface Window {
    eye: Eye;
  }
}

export function installEye(): void {
  const FRAMES_KEPT = 50;
  const painted = () =>
    new Promise<number>((done) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(0);
      });
    });
  const until = (holds: () => boolean) =>
    new Promise<number>((done) => {
      const look = () => {
        if (!holds()) return false;
        observer.disconnect();
        void painted().then(done);
        return true;
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
      look();
    });
  const told: { at: number; data: string }[] = [];
  const Wire = window.WebSocket;
  window.WebSocket = class extends Wire {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("message", ({ data }) => {
        told.push({ at: performance.now(), data: String(data) });
        if (told.length > FRAMES_KEPT) told.shift();
      });
    }
  };
  let frames: number[] = [];
  let tasks: number[] = [];
  let watching = false;
  const count = (last: number) => (now: number) => {
    if (!watching) return;
    frames.push(now - last);
    requestAnimationFrame(count(now));
  };
  new PerformanceObserver((list) => {
    if (watching) for (const entry of list.getEntries()) tasks.push(entry.duration);
  }).observe({ entryTypes: ["longtask"] });
  window.eye = {
    painted,
    until,
    firstMessage: until(() => document.querySelector("[data-seq]") !== null),
    heard: (words) => {
      const frame = told.find(({ data }) => data.includes(words));
      if (frame === undefined) throw new Error(`nobody said "${words}"`);
      return frame.at;
    },
    watch: () => {
      frames = [];
      tasks = [];
      watching = true;
      requestAnimationFrame((now) => requestAnimationFrame(count(now)));
    },
    watched: () => {
      watching = false;
      return { frames, tasks };
    },
  };
}
