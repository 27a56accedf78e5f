/** A new password, by a link from those who look after the house (LINK-5). */

import type { ReactNode } from "react";
import { resetPassword } from "../../actions/entrance";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Form, PasswordField, SendButton, useForm } from "../../ui/Form";
import { entrance } from "../../ui/strings/entrance";

export function ResetPage({ token }: { token: string }): ReactNode {
  const { comeIn } = useActions();
  const house = useStore((state) => state.house.name);
  const form = useForm({ password: "" }, ({ password }) => comeIn(() => resetPassword(token, password)));
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
        <SendButton form={form}>{entrance.setPassword}</SendButton>
      </Form>
    </main>
  );
}
