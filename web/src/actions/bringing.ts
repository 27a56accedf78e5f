/**
 * Brings files to the house (FILE-1 to FILE-4): announced, in parts one after the other, gone on with after any cut. A chunk of
 * its own, fetched with the first file.
 */

import { after } from "../platform/clock";
import { bringPart, type KeptFile } from "../platform/files";
import { ask } from "../platform/http";
import type { FileId, Problem, Upload } from "../protocol";
import type { TrayFile } from "../store/state";
import { fileStrings } from "../ui/strings/files";

/** A part of a file, at most as the house takes it. */
const PART_BYTES = 4 * 1024 * 1024;
/** Files on their way at once; the house takes four parts of a person. */
const AT_ONCE = 2;
const RETRY_FIRST_MS = 500;
const RETRY_LONGEST_MS = 15_000;

export type Bringer = {
  bring(key: string): void;
  /** Stops, and has the house let go of it. */
  cancel(key: string, id: FileId | null): void;
  /** Stops; it goes on in a later page. */
  leave(key: string): void;
};

type Trays = {
  find(key: string): KeptFile | null;
  keep(file: KeptFile): void;
  change(key: string, to: Partial<TrayFile>): void;
};

/** Has the house let go of a file. One that it does not know any more is let go. */
export function letGo(id: FileId): Promise<unknown> {
  return ask(`/api/v1/files/${id}/cancel`, {});
}

export function createBringer(trays: Trays): Bringer {
  const waiting: string[] = [];
  const stops = new Map<string, () => void>();

  function next(): void {
    while (stops.size < AT_ONCE) {
      const key = waiting.shift();
      if (key === undefined) return;
      stops.set(key, () => undefined);
      void run(key).finally(() => {
        stops.delete(key);
        next();
      });
    }
  }

  function fail(key: string, reason: string, again: boolean): void {
    trays.change(key, { state: "failed", reason, again });
  }

  async function run(key: string): Promise<void> {
    let tries = 0;
    for (;;) {
      const file = trays.find(key);
      if (file === null) return;
      const outcome = await step(key, file);
      if (outcome === "done") return;
      if (typeof outcome === "string") tries = 0;
      else {
        const grown = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** Math.min(tries, 8));
        tries += 1;
        await pause(key, outcome.afterMs ?? grown);
      }
    }
  }

  /** Brings all that can be brought without waiting. */
  async function step(key: string, file: KeptFile): Promise<"done" | "on" | { afterMs: number | null }> {
    const stands = await where(file);
    if ("wait" in stands) return sayWaiting(key, stands.wait);
    if ("refused" in stands) return refuse(key, stands.refused);
    if ("lost" in stands) {
      trays.keep({ ...file, id: null, file: null });
      return "on";
    }
    let { upload } = stands;
    trays.keep({ ...file, id: upload.id });
    while (upload.file === undefined) {
      if (trays.find(key) === null) return "done";
      const at = upload.taken;
      const part = file.blob.slice(at, at + PART_BYTES);
      if (!(await isReadable(part))) {
        fail(key, fileStrings.unreadable, false);
        return "done";
      }
      trays.change(key, { state: "coming", sent: at, reason: null });
      const coming = bringPart(upload.id, at, part, (bytes) => {
        trays.change(key, { sent: Math.min(file.blob.size, at + bytes) });
      });
      stops.set(key, coming.cancel);
      const answer = await coming.answer;
      if (answer === null) return sayWaiting(key, null);
      if ("problem" in answer) return refuse(key, answer.problem);
      upload = answer.upload;
    }
    trays.keep({ ...file, id: upload.id, file: upload.file });
    trays.change(key, { state: "whole", sent: upload.bytes, file: upload.file });
    return "done";
  }

  function sayWaiting(key: string, afterMs: number | null): { afterMs: number | null } {
    trays.change(key, { state: "waiting", reason: fileStrings.goesOn });
    return { afterMs };
  }

  function refuse(key: string, problem: Problem): "done" | "on" | { afterMs: number | null } {
    // The house is elsewhere in the file than this page believes.
    if (problem.code === "bad_frame") return "on";
    if (problem.code === "rate" || problem.code === "busy" || problem.code === "internal")
      return sayWaiting(key, problem.retry_after_ms ?? null);
    fail(key, problem.detail, problem.code === "store_full" || problem.code === "quota_full");
    return "done";
  }

  /** Waits, but no longer than until the network is back. */
  function pause(key: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = after(ms, end);
      function end(): void {
        stop();
        window.removeEventListener("online", end);
        resolve();
      }
      window.addEventListener("online", end);
      stops.set(key, end);
    });
  }

  function stop(key: string): void {
    const place = waiting.indexOf(key);
    if (place >= 0) waiting.splice(place, 1);
    stops.get(key)?.();
  }

  return {
    bring(key) {
      if (stops.has(key) || waiting.includes(key)) return;
      waiting.push(key);
      next();
    },
    cancel(key, id) {
      stop(key);
      if (id !== null) void letGo(id);
    },
    leave: stop,
  };
}

type Stands =
  | { readonly upload: Upload }
  | { readonly wait: number | null }
  | { readonly refused: Problem }
  /** The house has let go of it since. */
  | { readonly lost: true };

/** How far a file has come: asked for where it was announced before, else announced. */
async function where({ id, room, blob }: KeptFile): Promise<Stands> {
  const answer =
    id === null
      ? await ask<Upload>(`/api/v1/rooms/${room}/files`, { name: blob.name, bytes: blob.size })
      : await ask<Upload>(`/api/v1/files/${id}`);
  if (answer.ok) return { upload: answer.value };
  if (answer.code === null) return { wait: null };
  if (id !== null && answer.code === "not_found") return { lost: true };
  return { refused: { status: answer.status, code: answer.code, detail: answer.message } };
}

/** A file that was moved or changed since it was attached cannot be read any more. */
async function isReadable(part: Blob): Promise<boolean> {
  const first = part.slice(0, 1).arrayBuffer();
  return first.then(
    () => true,
    () => false,
  );
}
