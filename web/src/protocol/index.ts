/** The wire: types made from Rust, and how a frame is read. */

export type * from "./generated";

import type { ServerFrame } from "./generated";

/** Reads a frame of the server; null when it is none we know how to read (CON-5: unknown frames are ignored). */
export function decode(text: string): ServerFrame | null {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null && "t" in frame ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}
