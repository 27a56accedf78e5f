/** A dialog that asks for some people and does something with them: a talk of several is begun, a room gets members. */

import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import type { UserId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { Person } from "../../store/state";
import { Dialog } from "../../ui/Dialog";
import { strings } from "../../ui/strings";
import { Picks } from "./Picks";

type Outcome = { readonly ok: true } | { readonly ok: false; readonly message: string };

type Props = {
  readonly title: string;
  readonly means: string;
  readonly button: string;
  /** Who can be chosen at all. */
  readonly fits: (person: Person) => boolean;
  readonly onChoose: (people: readonly UserId[]) => Promise<Outcome>;
  readonly onClose: () => void;
};

export function PickDialog({ title, means, button, fits, onChoose, onClose }: Props): ReactNode {
  const { loadPeople } = useActions();
  const people = useStore((state) => state.people);
  const [chosen, setChosen] = useState<ReadonlySet<UserId>>(new Set());
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => void loadPeople(), [loadPeople]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || chosen.size === 0) return;
    setBusy(true);
    const done = await onChoose([...chosen]);
    setBusy(false);
    if (done.ok) onClose();
    else setRefused(done.message);
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Picks
          people={people === null ? null : [...people.values()].filter(fits)}
          chosen={chosen}
          onChosen={setChosen}
        />
        {refused !== "" && (
          <p className="field-error" role="alert">
            {refused}
          </p>
        )}
        <p className="field-means pick-means">{means}</p>
        <div className="buttons">
          <button type="button" className="button quiet" onClick={onClose}>
            {strings.cancel}
          </button>
          <button type="submit" className="button primary" disabled={chosen.size === 0}>
            {button}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
