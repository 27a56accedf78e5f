/** Asks the house for messages. */

import * as http from "../platform/http";
import type { Search } from "../protocol";
import { type Outcome, outcome } from "./outcome";
import type { Answered, Asked } from "./types";

/** Where a day begins is where the reader's clock says. */
export async function search(asked: Asked, dropped: AbortSignal | null): Promise<Outcome<Answered>> {
  const { q, best, room, before } = asked;
  const ask: Search = {
    q,
    order: best ? "best" : "newest",
    zone_min: -new Date().getTimezoneOffset(),
    ...(room === null ? {} : { room }),
    ...(before === null ? {} : { before }),
  };
  return outcome(await http.search(ask, dropped), ({ hits, next, behind }) => ({
    hits,
    next: next ?? null,
    behind: behind ?? false,
    complete: true,
  }));
}
