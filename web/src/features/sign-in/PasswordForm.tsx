/** Signing in to an account: handle or e-mail, password, and a code where the account asks for one; or a passkey alone (ACC-3, ACC-7, KEY-3). */

import { type ReactNode, useState } from "react";
import { signInWithPassword } from "../../actions/entrance";
import { knowsPasskeys, signInWithPasskey } from "../../actions/passkeys";
import { useActions } from "../../react/useActions";
import { Field, Form, PasswordField, SendButton, useForm } from "../../ui/Form";
import { entrance } from "../../ui/strings/entrance";
import { passkey } from "../../ui/strings/passkey";
import { CodeField } from "./CodeField";

export function PasswordForm(): ReactNode {
  const { comeIn } = useActions();
  const [codeNeeded, needCode] = useState(false);
  const [forgot, setForgot] = useState(false);
  const form = useForm({ login: "", password: "", code: "" }, async ({ login, password, code }, by) => {
    if (by === "passkey") return comeIn(signInWithPasskey);
    const outcome = await comeIn(() => signInWithPassword({ login, password, ...(codeNeeded ? { code } : {}) }));
    if (outcome.ok || outcome.code !== "code_needed" || codeNeeded) return outcome;
    // That a code is needed is a question and no mistake: it is asked by the field that appears, without reproach.
    needCode(true);
    return { ...outcome, message: "" };
  });
  return (
    <Form form={form} className="entrance-form">
      <Field form={form} name="login" label={entrance.login} autoComplete="username" autoCapitalize="none" autoFocus />
      <PasswordField form={form} name="password" label={entrance.password} autoComplete="current-password" />
      {codeNeeded && <CodeField form={form} />}
      <div className="entrance-buttons">
        <SendButton form={form}>{entrance.signIn}</SendButton>
        <button type="button" className="link" aria-expanded={forgot} onClick={() => setForgot(!forgot)}>
          {entrance.forgot}
        </button>
      </div>
      {forgot && (
        <p className="field-hint" role="status">
          {entrance.forgotHow}
        </p>
      )}
      {knowsPasskeys() && (
        <button
          type="button"
          className="button quiet entrance-passkey"
          aria-disabled={form.busy}
          onClick={() => form.send({}, "passkey")}
        >
          {passkey.use}
        </button>
      )}
    </Form>
  );
}
