/** What an account is made of: a name, a handle that follows it until it is typed itself, a password, an address if one likes. */

import { type ReactNode, useRef, useState } from "react";
import { Field, type FormState, PasswordField } from "../../ui/Form";
import { strings } from "../../ui/strings";
import { entrance } from "../../ui/strings/entrance";

export const NO_ACCOUNT = { name: "", handle: "", password: "", email: "" };
export type AccountValues = typeof NO_ACCOUNT;

/** The body of a request out of the fields: what was left empty is left out, but for what must be typed. */
export function accountBody({ name, handle, password, email }: AccountValues) {
  return { name, handle, password, ...(email.trim() === "" ? {} : { email }) };
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

/** A handle out of a name: small letters, digits, hyphens. */
export function handleFor(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .slice(0, 32)
    .replace(/^-+|-+$/g, "");
}
