/** Coming in by a provider of identities, and which of them lead to the own account (OIDC). */

import * as http from "../platform/http";
import { leaveFor } from "../platform/location";
import type { Again, FinishIdentity, SignedIn, ToProvider, WaitingIdentity } from "../protocol";
import { type Outcome, outcome } from "./outcome";

const at = (name: string, act: string) => `/api/v1/oidc/${encodeURIComponent(name)}/${act}`;

/** Where a link to a provider leads: the house sends the browser on. */
export function startAt(name: string): string {
  return at(name, "start");
}

/** Goes to a provider with an invitation; this page ends when it is well. */
export async function startWith(name: string, token: string): Promise<Outcome<void>> {
  return go(await http.ask<ToProvider>(startAt(name), { token }));
}

/** Goes to a provider to connect the own account; this page ends when it is well. */
export async function connect(name: string, again: Again): Promise<Outcome<void>> {
  return go(await http.ask<ToProvider>(at(name, "connect"), again));
}

export async function disconnect(name: string, again: Again): Promise<Outcome<void>> {
  return outcome(await http.ask<void>(at(name, "disconnect"), again));
}

/** What is still to be said by who came back with this browser. */
export async function waitingIdentity(): Promise<Outcome<WaitingIdentity>> {
  return outcome(await http.ask<WaitingIdentity>("/api/v1/oidc/waiting"));
}

export async function finishIdentity(said: FinishIdentity): Promise<Outcome<SignedIn>> {
  return outcome(await http.ask<SignedIn>("/api/v1/oidc/finish", said));
}

function go(answer: http.Answer<ToProvider>): Outcome<void> {
  return outcome(answer, ({ url }) => leaveFor(url));
}
