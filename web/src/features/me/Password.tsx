/** Another password (ACC-6). */

import type { ReactNode } from "react";
import { changePassword, ownAccount } from "../../actions/account";
import { proof } from "../../actions/passkeys";
import type { OwnAccount } from "../../protocol";
import { Form, PasswordField, SendButton, useForm } from "../../ui/Form";
import { entrance } from "../../ui/strings/entrance";
import { me } from "../../ui/strings/me";
import { passkey } from "../../ui/strings/passkey";
import { Saying, useWord } from "../pages/Saved";
import { useFetched } from "../pages/useFetched";
import { Waiting } from "../pages/Waiting";
import { NoAccount } from "./Profile";

const EMPTY = { old: "", new: "" };

export function Password(): ReactNode {
  const account = useFetched(ownAccount);
  if (account.value === null) return <Waiting of={account} />;
  if (account.value.handle === undefined) return <NoAccount />;
  return <Change account={account.value} onChanged={account.again} />;
}

function Change({ account, onChanged }: { account: OwnAccount; onChanged: () => void }): ReactNode {
  const hasOld = account.has_password;
  const [word, say] = useWord();
  const form = useForm({ ...EMPTY }, async (values) => {
    say(null);
    const again = await proof(account, values.old);
    if (!again.ok) return again;
    const { password, ...shown } = again.value;
    const old = password === undefined ? {} : { old: password };
    const outcome = await changePassword({ new: values.new, ...old, ...shown });
    if (!outcome.ok) return outcome;
    form.set("old", "");
    form.set("new", "");
    say({ ok: true, text: me.passwordChanged });
    onChanged();
    return outcome;
  });
  return (
    <Form form={form}>
      <p className="pages-how">{me.passwordHow}</p>
      {hasOld && <PasswordField form={form} name="old" label={me.oldPassword} autoComplete="current-password" />}
      {!hasOld && account.passkeys > 0 && <p className="field-hint">{passkey.proveFirst}</p>}
      <PasswordField
        form={form}
        name="new"
        label={me.newPassword}
        hint={entrance.passwordHint}
        autoComplete="new-password"
      />
      <div className="beside">
        <SendButton form={form}>{me.changePassword}</SendButton>
        <Saying word={word} />
      </div>
    </Form>
  );
}
