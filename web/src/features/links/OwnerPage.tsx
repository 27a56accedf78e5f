/** A new house is made somebody's own, on one page (DOOR-3). */

import type { ReactNode } from "react";
import { makeFirstInvitation } from "../../actions/admin";
import { becomeOwner } from "../../actions/entrance";
import { writeLocal } from "../../platform/storage";
import { useApp } from "../../react/AppContext";
import { Field, Form, useForm } from "../../ui/Form";
import { entrance } from "../../ui/strings/entrance";
import { AccountButtons, AccountFields, NO_ACCOUNT, withAccount } from "./AccountFields";

export function OwnerPage({ token }: { token: string }): ReactNode {
  const { store, actions } = useApp();
  const form = useForm({ house_name: "", ...NO_ACCOUNT }, async ({ house_name, ...values }, by) => {
    const outcome = await withAccount(values, by, (account) =>
      actions.comeIn(async () => {
        const made = await becomeOwner({ token, house_name, ...account });
        // The first thing to do in a new house is to have company.
        if (made.ok) writeLocal("invite-note", "yes");
        return made;
      }),
    );
    if (outcome.ok) void makeFirstInvitation(store);
    return outcome;
  });
  return (
    <main className="first-visit tall">
      <h1>{entrance.newHouse}</h1>
      <p className="first-visit-people">{entrance.newHouseHow}</p>
      <Form form={form}>
        <Field form={form} name="house_name" label={entrance.houseName} autoComplete="organization" autoFocus />
        <AccountFields form={form} withName />
        <AccountButtons form={form}>{entrance.makeHouse}</AccountButtons>
      </Form>
    </main>
  );
}
