/** Another password (ACC-6). */

import type { ReactNode } from "react";
import { changePassword, ownAccount } from "../../actions/account";
import { Form, PasswordField, SendButton, useForm } from "../../ui/Form";
import { entrance } from "../../ui/strings/entrance";
import { me } from "../../ui/strings/me";
import { Saying, useWord } from "../pages/Saved";
import { useFetched } from "../pages/useFetched";
import { Waiting } from "../pages/Waiting";
import { NoAccount } from "./Profile";

const EMPTY = { old: "", new: "" };

export function Password(): ReactNode {
  const account = useFetched(ownAccount);
  if (account.value === null) return <Waiting of={account} />;
  if (account.value.handle === undefined) return <NoAccount />;
  return <Change hasOld={account.value.has_password} onChanged={account.again} />;
}

function Change({ hasOld, onChanged }: { hasOld: boolean; onChanged: () => void }): ReactNode {
  const [word, say] = useWord();
  const form = useForm({ ...EMPTY }, async (values) => {
    say(null);
    const outcome = await changePassword({ new: values.new, ...(hasOld ? { old: values.old } : {}) });
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
