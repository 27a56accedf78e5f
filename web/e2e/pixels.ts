/** What stands where in the timeline, measured in the page over whole frames. */

import type { Page } from "playwright-core";

export type Said = { readonly seq: number; readonly text: string };

/** Every message from the end back to the beginning of the room, as a reader who scrolls through it meets them. */
export async function readAll(page: Page): Promise<Said[]> {
  const read = await page.evaluate(async () => {
    const scroller = document.querySelector<HTMLElement>(".timeline-scroll");
    if (scroller === null) throw new Error("there is no timeline");
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const found = new Map<number, string>();
    const collect = () => {
      const rows = [...scroller.querySelectorAll<HTMLElement>("[data-seq]")];
      rows.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
      let before = 0;
      for (const row of rows) {
        const seq = Number(row.dataset.seq);
        if (seq <= before) throw new Error(`row ${seq} stands below row ${before}`);
        before = seq;
        found.set(seq, row.querySelector(".row-body")?.textContent ?? "");
      }
    };
    /** Rows are drawn a little after the scrolling; the view is full again when one crosses each of its edges. */
    const filled = async () => {
      for (;;) {
        await frame();
        const view = scroller.getBoundingClientRect();
        const rows = [...scroller.querySelectorAll(".timeline-row")].map((row) => row.getBoundingClientRect());
        // The timeline scrolls from its end, so above it is what is left of its height.
        const left = scroller.scrollHeight - scroller.clientHeight + scroller.scrollTop;
        const above = left < 60 || rows.some((row) => row.top <= view.top);
        const below = rows.some((row) => row.bottom >= view.bottom - 20);
        const few = scroller.scrollHeight <= scroller.clientHeight;
        if (few || (above && below)) return;
      }
    };
    // As a reader who begins to scroll: a room that was just opened stops looking for its place.
    scroller.dispatchEvent(new WheelEvent("wheel", { bubbles: true }));
    scroller.scrollTop = 0;
    for (let still = 0; still < 60; ) {
      await frame();
      await filled();
      collect();
      const top = scroller.scrollTop;
      const waits = scroller.querySelector(".timeline-older") !== null;
      scroller.scrollTop -= scroller.clientHeight / 2;
      // At the room's beginning it is over soon; elsewhere the next page may only be slow to be asked for.
      const atStart = !waits && scroller.querySelector(".row-start") !== null;
      still = scroller.scrollTop !== top ? 0 : still + (atStart ? 20 : 1);
    }
    return [...found];
  });
  return read.sort((a, b) => a[0] - b[0]).map(([seq, text]) => ({ seq, text }));
}

/** The key and place of the first row that begins inside the view. */
export function firstInView(page: Page): Promise<Mark> {
  return page.evaluate(() => {
    const view = document.querySelector(".timeline-scroll")?.getBoundingClientRect();
    const rows = [...document.querySelectorAll<HTMLElement>(".timeline-row")]
      .map((row) => ({ key: row.dataset.id ?? "", top: row.getBoundingClientRect().top }))
      .filter((row) => view !== undefined && row.top >= view.top && row.top < view.bottom)
      .sort((a, b) => a.top - b.top);
    const first = rows[0];
    if (first === undefined) throw new Error("no row begins inside the view");
    return first;
  });
}

/** A row, and where its top is. */
export type Mark = { readonly key: string; readonly top: number };

/** Every row of which something is in view, from top to bottom. */
export function rowsInView(page: Page): Promise<Mark[]> {
  return page.evaluate(() => {
    const view = document.querySelector(".timeline-scroll")?.getBoundingClientRect();
    const rows = [...document.querySelectorAll<HTMLElement>(".timeline-row")].map((row) => ({
      key: row.dataset.id ?? "",
      box: row.getBoundingClientRect(),
    }));
    const seen = rows.filter(({ box }) => view !== undefined && box.bottom > view.top && box.top < view.bottom);
    return seen.map(({ key, box }) => ({ key, top: box.top })).sort((a, b) => a.top - b.top);
  });
}

/** How far rows stray from their places in the next frames, at most. */
export function drift(page: Page, from: Mark | readonly Mark[], frames = 8): Promise<number> {
  const marks = Array.isArray(from) ? from : [from];
  return page.evaluate(
    async ({ marks, frames }) => {
      let most = 0;
      for (let frame = 0; frame < frames; frame += 1) {
        await new Promise((next) => requestAnimationFrame(next));
        for (const { key, top } of marks) {
          const row = document.querySelector(`[data-id="${CSS.escape(key)}"]`);
          const off = row === null ? Number.POSITIVE_INFINITY : Math.abs(row.getBoundingClientRect().top - top);
          most = Math.max(most, off);
        }
      }
      return most;
    },
    { marks, frames },
  );
}

export type Climb = { readonly strayed: string[]; readonly seen: number[] };

/**
 * Watches every frame until the message `to`, or an older one, is in view: which rows moved otherwise than the reader scrolled, and which
 * messages were in view. With `stepPx` the page scrolls up by that much once a frame, at another moment of it each time;
 * without, somebody turns the wheel, and then all rows must move alike and none upwards.
 */
export function climb(page: Page, to: number, stepPx: number | null): Promise<Climb> {
  return page.evaluate(
    async ({ to, stepPx }) => {
      const scroller = document.querySelector<HTMLElement>(".timeline-scroll");
      if (scroller === null) throw new Error("there is no timeline");
      const { port1, port2 } = new MessageChannel();
      /** After a frame was painted, so that only what a reader sees is measured. */
      const painted = () =>
        new Promise<void>((next) => {
          port1.onmessage = () => next();
          requestAnimationFrame(() => port2.postMessage(null));
        });
      const strayed: string[] = [];
      const seen = new Set<number>();
      const note = () => {
        const view = scroller.getBoundingClientRect();
        const tops = new Map<string, number>();
        const seqs: number[] = [];
        for (const row of scroller.querySelectorAll<HTMLElement>(".timeline-row")) {
          const { top, bottom } = row.getBoundingClientRect();
          if (bottom <= view.top || top >= view.bottom) continue;
          tops.set(row.dataset.id ?? "", top);
          if (row.dataset.seq !== undefined) seqs.push(Number(row.dataset.seq));
        }
        if (new Set(seqs).size !== seqs.length) strayed.push(`a message is there twice: ${seqs}`);
        for (const seq of seqs) seen.add(seq);
        return tops;
      };
      let before = note();
      for (let frame = 0; [...seen].every((seq) => seq > to); frame += 1) {
        let by = 0;
        if (stepPx !== null) {
          await new Promise((later) => setTimeout(later, (frame * 7) % 24));
          const from = scroller.scrollTop;
          scroller.scrollTop = from - stepPx;
          by = from - scroller.scrollTop;
        }
        await painted();
        const now = note();
        const moves = [...now].flatMap(([key, top]) => {
          const was = before.get(key);
          return was === undefined ? [] : [top - was];
        });
        const wanted = stepPx === null ? Math.max(0, moves[0] ?? 0) : by;
        const worst = moves.find((move) => Math.abs(move - wanted) > 1);
        if (worst !== undefined) strayed.push(`frame ${frame}: scrolled by ${wanted}, a row moved by ${worst}`);
        before = now;
      }
      return { strayed, seen: [...seen].sort((a, b) => a - b) };
    },
    { to, stepPx },
  );
}

/** Resolves when the timeline has stood still for a few frames. */
export async function stands(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const scroller = document.querySelector(".timeline-scroll");
    let before = Number.NaN;
    for (let still = 0; still < 4; ) {
      await new Promise((next) => requestAnimationFrame(next));
      const now = scroller?.scrollTop ?? 0;
      still = now === before ? still + 1 : 0;
      before = now;
    }
  });
}

/** How many pixels of the newest row are outside the view. */
export function hiddenOfLastRow(page: Page): Promise<number> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 4; frame += 1) await new Promise((next) => requestAnimationFrame(next));
    const view = document.querySelector(".timeline-scroll")?.getBoundingClientRect();
    const rows = [...document.querySelectorAll(".timeline-row")].map((row) => row.getBoundingClientRect());
    const last = rows.sort((a, b) => a.bottom - b.bottom).at(-1);
    if (view === undefined || last === undefined) throw new Error("there is no row");
    return Math.max(0, last.bottom - view.bottom, view.top - last.top);
  });
}
