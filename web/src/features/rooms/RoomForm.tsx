/** Making and renaming a room. What is refused is said beside the field, and what was typed stays. */

import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { History, Room } from "../../protocol";
import { useActions } from "../../react/useActions";
import { Dialog } from "../../ui/Dialog";
import { strings } from "../../ui/strings";
import { HistoryChoice } from "../room/Newcomers";
import "../../ui/choices.css";

type Outcome = { readonly ok: true } | { readonly ok: false; readonly message: string };

export function NewRoom({ name = "", onClose }: { name?: string; onClose: () => void }): ReactNode {
  const { createRoom } = useActions();
  const [closed, setClosed] = useState(false);
  const [history, setHistory] = useState<History>("all");
  const submit = (name: string, topic: string) => createRoom(name, topic, closed, history);
  return (
    <RoomForm
      title={strings.newRoom}
      button={strings.makeRoom}
      name={name}
      topic=""
      onSubmit={submit}
      onClose={onClose}
    >
      <fieldset className="choices">
        <legend>{strings.whoMayRead}</legend>
        <Kind
          name={strings.openKind}
          means={strings.openKindMeans}
          chosen={!closed}
          onChoose={() => setClosed(false)}
        />
        <Kind
          name={strings.closedKind}
          means={strings.closedKindMeans}
          chosen={closed}
          onChoose={() => setClosed(true)}
        />
      </fieldset>
      <HistoryChoice chosen={history} onChoose={setHistory} />
    </RoomForm>
  );
}

type KindProps = {
  readonly name: string;
  readonly means: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
};

function Kind({ name, means, chosen, onChoose }: KindProps): ReactNode {
  const [nameId, meansId] = [useId(), useId()];
  return (
    <label className="choice">
      <input
        type="radio"
        name="kind"
        checked={chosen}
        onChange={onChoose}
        aria-labelledby={nameId}
        aria-describedby={meansId}
      />
      <span>
        <span id={nameId}>{name}</span>
        <small id={meansId}>{means}</small>
      </span>
    </label>
  );
}

export function RenameRoom({ room, onClose }: { room: Room; onClose: () => void }): ReactNode {
  const { renameRoom } = useActions();
  const submit = (name: string, topic: string) => renameRoom(room.id, name, topic);
  return (
    <RoomForm
      title={strings.renameRoom}
      button={strings.save}
      name={room.name}
      topic={room.topic}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}

type Props = {
  readonly title: string;
  readonly button: string;
  readonly name: string;
  readonly topic: string;
  readonly onSubmit: (name: string, topic: string) => Promise<Outcome>;
  readonly onClose: () => void;
  /** What is asked besides. */
  readonly children?: ReactNode;
};

function RoomForm({ title, button, onSubmit, onClose, children, ...before }: Props): ReactNode {
  const [name, setName] = useState(before.name);
  const [topic, setTopic] = useState(before.topic);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const [nameId, topicId, errorId] = [useId(), useId(), useId()];

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const outcome = await onSubmit(name, topic);
    setBusy(false);
    if (outcome.ok) onClose();
    else setRefused(outcome.message);
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <div className="field">
          <label htmlFor={nameId}>{strings.roomName}</label>
          <input
            id={nameId}
            value={name}
            onChange={(event) => setName(event.target.value)}
            aria-invalid={refused !== ""}
            aria-describedby={refused === "" ? undefined : errorId}
          />
          {refused !== "" && (
            <p id={errorId} className="field-error" role="alert">
              {refused}
            </p>
          )}
        </div>
        <div className="field">
          <label htmlFor={topicId}>{strings.roomTopic}</label>
          <input id={topicId} value={topic} onChange={(event) => setTopic(event.target.value)} />
        </div>
        {children}
        <div className="buttons">
          <button type="button" className="button quiet" onClick={onClose}>
            {strings.cancel}
          </button>
          <button type="submit" className="button primary">
            {button}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
