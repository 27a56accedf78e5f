/** What those do who look after the house. Everything here is fetched with the pages that need it. */

import * as http from "../platform/http";
import type { MadeLink, NewInvitation } from "../protocol";
import type { State } from "../store/state";
import type { Subscribable } from "../store/subscribable";
import { type Outcome, outcome } from "./outcome";

const at = (path: string) => `/api/v1/admin/${path}`;

/** Makes an invitation, or a link for guests of one room. */
export async function invite(body: NewInvitation): Promise<Outcome<MadeLink>> {
  return outcome(await http.ask<MadeLink>(at("invitations"), body));
}

/** Makes a link for as many as come, and shows it above the box; what went wrong, in words. */
export async function makeFirstInvitation(store: Subscribable<State>): Promise<string> {
  const made = await invite({ rooms: [], note: "", uses: 0 });
  if (!made.ok) return made.message;
  store.set((state) => ({ ...state, firstInvitation: made.value.url }));
  return "";
}
