/** A new password, by a link from those who look after the house (LINK-5). */

import { type ReactNode, useState } from "react";
import { resetPassword } from "../../actions/entrance";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Form, PasswordField, SendButton, useForm } from "../../ui/Form";
import { entrance } from "../../ui/strings/entrance";
import { CodeField } from "../sign-in/CodeField";

export function ResetPage({ token }: { token: string }): ReactNode {
  const { comeIn } = useActions();
  const house = useStore((state) => state.house.name);
  const [codeNeeded, needCode] = useState(false);
  const form = useForm({ password: "", code: "" }, async ({ password, code }) => {
    const outcome = await comeIn(() => resetPassword(token, password, codeNeeded ? code : undefined));
    if (outcome.ok || outcome.code !== "code_needed" || codeNeeded) return outcome;
    // As in signing in: the field that appears is the question.
    needCode(true);
    return { ...outcome, message: "" };
  });
  return (
    <main className="first-visit">
      <h1>{entrance.resetTitle}</h1>
      <p className="first-visit-people">
        {house}. {entrance.resetHow}
      </p>
      <Form form={form}>
        <PasswordField
          form={form}
          name="password"
          label={entrance.newPassword}
          hint={entrance.passwordHint}
          autoComplete="new-password"
          autoFocus
        />
        {codeNeeded && <CodeField form={form} />}
        <SendButton form={form}>{entrance.setPassword}</SendButton>
      </Form>
    </main>
  );
}
