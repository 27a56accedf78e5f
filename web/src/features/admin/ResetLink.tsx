/** A link by which somebody chooses a new password, to be given to them (LINK-5). */

import { type ReactNode, useState } from "react";
import { makeResetLink } from "../../actions/admin";
import type { AdminPerson, MadeLink } from "../../protocol";
import { Dialog } from "../../ui/Dialog";
import { Form, SendButton, useForm } from "../../ui/Form";
import { admin } from "../../ui/strings/admin";
import { MadeLinkView } from "../invite/MadeLinkView";

export function ResetLink({ whom, onClose }: { whom: AdminPerson; onClose: () => void }): ReactNode {
  const [clears, setClears] = useState(false);
  const [made, setMade] = useState<MadeLink | null>(null);
  const form = useForm({}, async () => {
    const outcome = await makeResetLink(whom.id, clears);
    if (outcome.ok) setMade(outcome.value);
    return outcome;
  });
  return (
    <Dialog title={admin.resetTitle(whom.name)} onClose={onClose}>
      {made !== null ? (
        <MadeLinkView made={made} onDone={onClose} />
      ) : (
        <Form form={form}>
          <p className="pages-how">{admin.resetHow}</p>
          <fieldset className="boxes">
            <legend className="hidden">{admin.resetLink}</legend>
            <label>
              <input type="checkbox" checked={clears} onChange={(event) => setClears(event.target.checked)} />
              {admin.clearsFactor}
            </label>
          </fieldset>
          <div className="buttons">
            <button type="button" className="button quiet" onClick={onClose}>
              {admin.cancel}
            </button>
            <SendButton form={form}>{admin.makeResetLink}</SendButton>
          </div>
        </Form>
      )}
    </Dialog>
  );
}
