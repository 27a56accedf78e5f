/** One field, a name, come in: the open door. */

import type { ReactNode } from "react";
import { signIn } from "../../actions/entrance";
import { useActions } from "../../react/useActions";
import { Field, Form, SendButton, useForm } from "../../ui/Form";
import { strings } from "../../ui/strings";

export function NameForm(): ReactNode {
  const { comeIn } = useActions();
  const form = useForm({ name: "" }, ({ name }) => comeIn(() => signIn(name)));
  return (
    <Form form={form} className="entrance-form">
      <Field form={form} name="name" label={strings.yourName} autoComplete="nickname" autoFocus />
      <SendButton form={form}>{strings.comeIn}</SendButton>
    </Form>
  );
}
