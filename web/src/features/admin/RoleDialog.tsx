/** What somebody is in the house from now on (ADM-2). */

import type { ReactNode } from "react";
import { setRole } from "../../actions/admin";
import type { AdminPerson, Role } from "../../protocol";
import { useStore } from "../../react/useStore";
import { Dialog } from "../../ui/Dialog";
import { Form, SelectField, SendButton, useForm } from "../../ui/Form";
import { admin } from "../../ui/strings/admin";
import { roleWords } from "../../ui/strings/invitations";

const LOW: readonly Role[] = ["member", "guest", "bot"];
const ALL: readonly Role[] = ["owner", "administrator", ...LOW];

type Props = { readonly whom: AdminPerson; readonly onDone: () => void; readonly onClose: () => void };

export function RoleDialog({ whom, onDone, onClose }: Props): ReactNode {
  const owner = useStore((state) => state.you?.role === "owner");
  const roles = owner ? ALL : LOW;
  const form = useForm({ role: String(whom.role) }, async ({ role }) => {
    const chosen = roles.find((one) => one === role) ?? whom.role;
    const outcome = await setRole(whom.id, chosen);
    if (outcome.ok) {
      onClose();
      onDone();
    }
    return outcome;
  });
  return (
    <Dialog title={admin.roleOf(whom.name)} onClose={onClose}>
      <Form form={form}>
        <SelectField
          form={form}
          name="role"
          label={admin.role}
          choices={roles.map((role) => [role, roleWords[role]] as const)}
        />
        <div className="buttons">
          <button type="button" className="button quiet" onClick={onClose}>
            {admin.cancel}
          </button>
          <SendButton form={form}>{admin.setRole}</SendButton>
        </div>
      </Form>
    </Dialog>
  );
}
