/** What people do about their own account and the browsers they are signed in with (ACC). */

import * as http from "../platform/http";
import type {
  Again,
  ChangePassword,
  NewSecondFactor,
  OwnAccount,
  OwnSession,
  RecoveryCodes,
  Sessions,
} from "../protocol";
import { type Outcome, outcome } from "./outcome";

export async function ownAccount(): Promise<Outcome<OwnAccount>> {
  return outcome(await http.ask<OwnAccount>("/api/v1/account"));
}

export async function changePassword(body: ChangePassword): Promise<Outcome<void>> {
  return outcome(await http.ask<void>("/api/v1/account/password", body));
}

export async function beginSecondFactor(again: Again): Promise<Outcome<NewSecondFactor>> {
  return outcome(await http.ask<NewSecondFactor>("/api/v1/account/second-factor", again));
}

export async function confirmSecondFactor(code: string): Promise<Outcome<RecoveryCodes>> {
  return outcome(await http.ask<RecoveryCodes>("/api/v1/account/second-factor/confirm", { code }));
}

export async function renewRecoveryCodes(again: Again): Promise<Outcome<RecoveryCodes>> {
  return outcome(await http.ask<RecoveryCodes>("/api/v1/account/second-factor/recovery-codes", again));
}

export async function removeSecondFactor(again: Again): Promise<Outcome<void>> {
  return outcome(await http.ask<void>("/api/v1/account/second-factor/remove", again));
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
