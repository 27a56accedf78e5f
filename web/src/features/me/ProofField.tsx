/** What says again that it is oneself: a field for the password, or a word that a passkey will be asked for (ACC-8). */

import type { ReactNode } from "react";
import type { OwnAccount } from "../../protocol";
import { type FormState, PasswordField } from "../../ui/Form";
import { me } from "../../ui/strings/me";
import { passkey } from "../../ui/strings/passkey";

type Props<V extends { readonly password: string }> = {
  readonly form: FormState<V>;
  readonly account: OwnAccount;
  readonly autoFocus?: boolean;
};

export function ProofField<V extends { readonly password: string }>(props: Props<V>): ReactNode {
  const { form, account, autoFocus = true } = props;
  if (account.has_password) {
    return (
      <PasswordField
        form={form}
        name="password"
        label={me.password}
        autoComplete="current-password"
        autoFocus={autoFocus}
      />
    );
  }
  return account.passkeys > 0 ? <p className="pages-how">{passkey.proveFirst}</p> : null;
}
