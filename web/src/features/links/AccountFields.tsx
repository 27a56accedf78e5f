/** What an account is made of: a name, a handle that follows it until it is typed itself, a password or a passkey, an address if one likes. */

import { type ReactNode, useRef, useState } from "react";
import type { Outcome } from "../../actions/outcome";
import { firstPasskey, knowsPasskeys } from "../../actions/passkeys";
import type { MakeAccount } from "../../protocol";
import { Field, type FormState, PasswordField, SendButton } from "../../ui/Form";
import { strings } from "../../ui/strings";
import { entrance } from "../../ui/strings/entrance";
import { passkey } from "../../ui/strings/passkey";

export const NO_ACCOUNT = { name: "", handle: "", password: "", email: "" };
export type AccountValues = typeof NO_ACCOUNT;

/** An account as it is asked for, with a name. */
export type AccountBody = MakeAccount & { readonly name: string };

/**
 * Makes an account of what was typed: what was left empty is left out, but for what must be typed. By `passkey` one is made first,
 * in the place of the password; whoever keeps it hears when the house takes neither it nor the account.
 */
export async function withAccount<T>(
  { name, handle, password, email }: AccountValues,
  by: string | undefined,
  make: (account: AccountBody) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const account = { name, handle, ...(email.trim() === "" ? {} : { email }) };
  if (by !== "passkey") return make({ ...account, password });
  const first = await firstPasskey(handle);
  if (!first.ok) return first;
  const made = await make({ ...account, passkey: first.value.answer });
  if (!made.ok) first.value.disown();
  return made;
}

type Props<V extends AccountValues> = {
  readonly form: FormState<V>;
  /** Somebody inside keeps their name. */
  readonly withName: boolean;
  readonly focusFirst?: boolean;
};

export function AccountFields<V extends AccountValues>({ form, withName, focusFirst = false }: Props<V>): ReactNode {
  const handleTyped = useRef(false);
  const [withEmail, showEmail] = useState(false);
  const typeName = (name: string) => {
    if (!handleTyped.current) form.set("handle", handleFor(name));
  };
  return (
    <>
      {withName && (
        <Field
          form={form}
          name="name"
          label={strings.yourName}
          autoComplete="name"
          autoFocus={focusFirst}
          onType={typeName}
        />
      )}
      <Field
        form={form}
        name="handle"
        label={entrance.handle}
        hint={entrance.handleHint}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={focusFirst && !withName}
        onType={(handle) => {
          handleTyped.current = handle !== "";
        }}
      />
      <PasswordField
        form={form}
        name="password"
        label={entrance.password}
        hint={entrance.passwordHint}
        autoComplete="new-password"
      />
      {withEmail || form.refusal?.field === "email" ? (
        <Field
          form={form}
          name="email"
          label={entrance.email}
          hint={entrance.emailHint}
          type="email"
          autoComplete="email"
          autoFocus
        />
      ) : (
        <div className="field">
          <button type="button" className="link field-more" onClick={() => showEmail(true)}>
            {entrance.addEmail}
          </button>
        </div>
      )}
    </>
  );
}

/** The two ways to send an account: with the password that was typed, or with a passkey. */
export function AccountButtons<V extends AccountValues>({
  form,
  children,
}: {
  form: FormState<V>;
  children: ReactNode;
}): ReactNode {
  return (
    <div className="account-buttons">
      <SendButton form={form}>{children}</SendButton>
      {knowsPasskeys() && (
        <button type="button" className="link" aria-disabled={form.busy} onClick={() => form.send({}, "passkey")}>
          {passkey.instead}
        </button>
      )}
    </div>
  );
}

/** A handle out of a name: small letters, digits, hyphens. */
export function handleFor(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .slice(0, 32)
    .replace(/^-+|-+$/g, "");
}
