/** What people do with passkeys: come in by one, make one, prove by one that it is them, name and remove them (KEY). */

import * as http from "../platform/http";
import * as browser from "../platform/passkeys";
import type { Again, OwnAccount, Passkey, PasskeyAnswer, PasskeyQuestion, Passkeys, SignedIn } from "../protocol";
import { passkey as words } from "../ui/strings/passkey";
import { type Outcome, outcome, refused } from "./outcome";

export { knowsPasskeys } from "../platform/passkeys";

/** A passkey that was made, and what is to be said of it when the house does not take it. */
export type MadePasskey = { readonly answer: PasskeyAnswer; disown(): void };

/** Asks the house what to ask, and the browser that. */
async function ask(path: string, body: object, by: "make" | "show"): Promise<Outcome<MadePasskey>> {
  const question = await http.ask<PasskeyQuestion>(path, body);
  if (!question.ok) return outcome<MadePasskey>(question);
  const { options } = question.value;
  const answered = await (by === "make" ? browser.make(options) : browser.show(options));
  if (!answered.ok) return refused(answered.why === "cancelled" ? words.none[by] : words[answered.why]);
  return { ok: true, value: { answer: answered.answer, disown: () => browser.disown(options, answered.id) } };
}

export async function signInWithPasskey(): Promise<Outcome<SignedIn>> {
  const shown = await ask("/api/v1/sign-in/passkey/begin", {}, "show");
  if (!shown.ok) return shown;
  return outcome(await http.ask<SignedIn>("/api/v1/sign-in/passkey", { passkey: shown.value.answer }));
}

/** Makes the passkey of an account that is to be made. */
export function firstPasskey(handle: string): Promise<Outcome<MadePasskey>> {
  return ask("/api/v1/passkey/begin", { handle }, "make");
}

/** What says again that it is oneself: the password, or where there is none a passkey that is shown (ACC-8). */
export async function proof(account: OwnAccount, password: string): Promise<Outcome<Again>> {
  if (account.has_password) return { ok: true, value: { password } };
  if (account.passkeys === 0) return { ok: true, value: {} };
  const shown = await ask("/api/v1/account/passkeys/prove", {}, "show");
  return shown.ok ? { ok: true, value: { passkey: shown.value.answer } } : shown;
}

export async function listPasskeys(): Promise<Outcome<readonly Passkey[]>> {
  return outcome(await http.ask<Passkeys>("/api/v1/account/passkeys"), ({ passkeys }) => passkeys);
}

export async function addPasskey(account: OwnAccount, password: string, name: string): Promise<Outcome<Passkeys>> {
  const again = await proof(account, password);
  if (!again.ok) return again;
  const made = await ask("/api/v1/account/passkeys/begin", again.value, "make");
  if (!made.ok) return made;
  const { answer, disown } = made.value;
  const added = outcome(await http.ask<Passkeys>("/api/v1/account/passkeys", { name, passkey: answer }));
  if (!added.ok) disown();
  return added;
}

export async function renamePasskey(id: number, name: string): Promise<Outcome<void>> {
  return outcome(await http.ask<void>(`/api/v1/account/passkeys/${id}/rename`, { name }));
}

export async function removePasskey(account: OwnAccount, password: string, id: number): Promise<Outcome<void>> {
  const again = await proof(account, password);
  if (!again.ok) return again;
  return outcome(await http.ask<void>(`/api/v1/account/passkeys/${id}/remove`, again.value));
}
