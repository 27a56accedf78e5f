/** The ways into the house, and what they are asked with. Each answer that lets somebody in comes with a session's cookie. */

import * as http from "../platform/http";
import { readLocal, writeLocal } from "../platform/storage";
import type { Join, Knocked, MakeAccount, OwnerSetup, PasswordSignIn, ShownInvitation, SignedIn } from "../protocol";
import { type Outcome, outcome } from "./outcome";

type Entered = Promise<Outcome<SignedIn>>;

export async function signIn(name: string): Entered {
  return outcome(await http.ask<SignedIn>("/api/v1/sign-in", { name }));
}

export async function signInWithPassword(body: PasswordSignIn): Entered {
  return outcome(await http.ask<SignedIn>("/api/v1/sign-in/password", body));
}

export async function becomeOwner(body: OwnerSetup): Entered {
  return outcome(await http.ask<SignedIn>("/api/v1/owner", body));
}

export async function join(body: Join): Entered {
  return outcome(await http.ask<SignedIn>("/api/v1/join", body));
}

export async function resetPassword(token: string, password: string, code?: string): Entered {
  const factor = code === undefined ? {} : { code };
  return outcome(await http.ask<SignedIn>("/api/v1/reset", { token, password, ...factor }));
}

/** Makes an account of somebody inside who has none; they stay who they are. */
export async function makeAccount(body: MakeAccount): Entered {
  return outcome(await http.ask<SignedIn>("/api/v1/account", body));
}

export async function lookAtInvitation(token: string): Promise<Outcome<ShownInvitation>> {
  return outcome(await http.ask<ShownInvitation>("/api/v1/invitation", { token }));
}

/** Somebody who asked to be let in, as this browser remembers it. */
export type Knocking = { readonly token: string; readonly name: string };

/** What this browser asked with and has not been answered; null when nothing. */
export function readKnock(): Knocking | null {
  try {
    const kept: unknown = JSON.parse(readLocal("knock") ?? "null");
    if (typeof kept !== "object" || kept === null || !("token" in kept) || !("name" in kept)) return null;
    return { token: String(kept.token), name: String(kept.name) };
  } catch {
    return null;
  }
}

export function forgetKnock(): void {
  writeLocal("knock", null);
}

/** Asks to be let in. The token is kept until the answer: a reload goes on waiting. */
export async function knock(name: string, note: string): Promise<Outcome<Knocking>> {
  const answer = await http.ask<Knocked>("/api/v1/knock", { name, note });
  if (!answer.ok) return outcome<Knocking>(answer);
  const knocking = { token: answer.value.token, name };
  writeLocal("knock", JSON.stringify(knocking));
  return { ok: true, value: knocking };
}

/** `waiting` while nobody has decided; then somebody is in, was not let in, or it is over. */
export async function enterAfterKnock(token: string, name?: string): Promise<Outcome<SignedIn> | "waiting"> {
  const answer = await http.ask<SignedIn | { waiting: boolean }>("/api/v1/knock/enter", {
    token,
    ...(name === undefined ? {} : { name }),
  });
  if (!answer.ok) return outcome<SignedIn>(answer);
  return "you" in answer.value ? { ok: true, value: answer.value } : "waiting";
}
