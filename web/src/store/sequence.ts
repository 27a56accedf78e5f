/** The order of a room's log as a reader keeps it (SYN-5); the mirror of `domain::sequence::admit`. */

import type { Seq } from "../protocol";

/** What to do with the event at `seq` when everything up to `applied` was applied. */
export function admit(applied: Seq, seq: Seq): "apply" | "duplicate" | "gap" {
  if (seq <= applied) return "duplicate";
  return seq === applied + 1 ? "apply" : "gap";
}
