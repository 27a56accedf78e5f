/** An act about somebody or something, with the reason that goes into the log. */

import type { ReactNode } from "react";
import type { Outcome } from "../../actions/outcome";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, useForm } from "../../ui/Form";
import { admin } from "../../ui/strings/admin";

type Props = {
  readonly title: string;
  /** What it does, before it is done. */
  readonly how: string;
  readonly button: string;
  readonly danger?: boolean;
  readonly onAct: (note: string) => Promise<Outcome<void>>;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

export function Act({ title, how, button, danger = false, onAct, onDone, onClose }: Props): ReactNode {
  const form = useForm({ note: "" }, async ({ note }) => {
    const outcome = await onAct(note);
    if (outcome.ok) {
      onClose();
      onDone();
    }
    return outcome;
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <Form form={form}>
        <p className="pages-how">{how}</p>
        <Field form={form} name="note" label={admin.why} hint={admin.whyHint} />
        <div className="buttons">
          <button type="button" className="button quiet" onClick={onClose}>
            {admin.cancel}
          </button>
          <button type="submit" className={danger ? "button danger" : "button primary"} aria-disabled={form.busy}>
            {button}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
