/** What people do about their own account and the browsers they are signed in with (ACC). */

import * as http from "../platform/http";
import type { ChangePassword, NewSecondFactor, OwnAccount, OwnSession, RecoveryCodes, Sessions } from "../protocol";
import { type Outcome, outcome } from "./outcome";

export async function ownAccount(): Promise<Outcome<OwnAccount>> {
  return outcome(await http.ask<OwnAccount>("/api/v1/account"));
}

export async function changePassword(body: ChangePassword): Promise<Outcome<void>> {
  return outcome(await http.ask<void>("/api/v1/account/password", body));
}

/** The own password again, where there is one. */
const again = (password: string) => (password === "" ? {} : { password });

export async function beginSecondFactor(password: string): Promise<Outcome<NewSecondFactor>> {
  return outcome(await http.ask<NewSecondFactor>("/api/v1/account/second-factor", again(password)));
}

export async function confirmSecondFactor(code: string): Promise<Outcome<RecoveryCodes>> {
  return outcome(await http.ask<RecoveryCodes>("/api/v1/account/second-factor/confirm", { code }));
}

export async function renewRecoveryCodes(password: string): Promise<Outcome<RecoveryCodes>> {
  return outcome(await http.ask<RecoveryCodes>("/api/v1/account/second-factor/recovery-codes", again(password)));
}

export async function removeSecondFactor(password: string): Promise<Outcome<void>> {
  return outcome(await http.ask<void>("/api/v1/account/second-factor/remove", again(password)));
}

export async function listSessions(): Promise<Outcome<readonly OwnSession[]>> {
  return outcome(await http.ask<Sessions>("/api/v1/sessions"), ({ sessions }) => sessions);
}

export async function endSession(id: string): Promise<Outcome<void>> {
  return outcome(await http.ask<void>(`/api/v1/sessions/${encodeURIComponent(id)}/end`, {}));
}

export async function endOtherSessions(): Promise<Outcome<void>> {
  return outcome(await http.ask<void>("/api/v1/sessions/end-others", {}));
}
