/** Where the code of a second factor is typed, or a recovery code in its place (ACC-7). */

import type { ReactNode } from "react";
import { Field, type FormState, type Values } from "../../ui/Form";
import { entrance } from "../../ui/strings/entrance";

export function CodeField<V extends Values & { readonly code: string }>({ form }: { form: FormState<V> }): ReactNode {
  return (
    <Field
      form={form}
      name="code"
      label={entrance.code}
      hint={entrance.codeHint}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}
