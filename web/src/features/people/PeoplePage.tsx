/** Everybody of the house: who is here, as what, and a word to any of them (UX 3.5 K). */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { isTouch } from "../../platform/attention";
import type { UserId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInHouse } from "../../store/access";
import type { Person } from "../../store/state";
import { Icon } from "../../ui/Icon";
import { Presence } from "../../ui/Presence";
import { strings } from "../../ui/strings";
import { useCards } from "./Cards";
import { PickDialog } from "./PickDialog";
import { found } from "./Picks";
import "./PeoplePage.css";

/** More than this are not put into the page; the search finds them. */
const SHOWN_MAX = 200;

export default function PeoplePage({ onBack }: { onBack: () => void }): ReactNode {
  const { loadPeople, openDirect } = useActions();
  const you = useStore((state) => state.you);
  const people = useStore((state) => state.people);
  const [text, setText] = useState("");
  const [failed, setFailed] = useState("");
  const [choosing, setChoosing] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const mayWrite = mayInHouse("OpenDirect", you?.role);
  useEffect(() => {
    if (!isTouch()) search.current?.focus();
    void loadPeople().then((done) => setFailed(done.ok ? "" : done.message));
  }, [loadPeople]);

  async function write(id: UserId): Promise<void> {
    const done = await openDirect([id]);
    if (!done.ok) setFailed(done.message);
  }

  const fitting = found([...(people?.values() ?? [])], text);
  const here = [...(people?.values() ?? [])].filter(({ online }) => online).length;
  return (
    <main className="everyone" aria-label={strings.people}>
      <header className="room-header">
        <button type="button" className="menu-button room-back" aria-label={strings.backToRooms} onClick={onBack}>
          <Icon name="back" />
        </button>
        <h1>{strings.people}</h1>
        <p>{people === null ? "" : strings.hereNow(here)}</p>
        {mayWrite && (
          <button type="button" className="button primary" onClick={() => setChoosing(true)}>
            {strings.messageSeveral}
          </button>
        )}
      </header>
      <div className="everyone-top">
        <input
          ref={search}
          className="search"
          type="search"
          aria-label={strings.searchPeople}
          placeholder={strings.searchPeople}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {failed !== "" && (
          <p className="field-error" role="alert">
            {failed}
          </p>
        )}
        {people !== null && fitting.length === 0 && <p>{strings.nobodyCalled(text.trim())}</p>}
      </div>
      <ul className="everyone-list">
        {fitting.slice(0, SHOWN_MAX).map((person) => (
          <PersonRow
            key={person.id}
            person={person}
            isYou={person.id === you?.id}
            onWrite={mayWrite && person.id !== you?.id ? () => void write(person.id) : null}
          />
        ))}
        {fitting.length > SHOWN_MAX && <li>{strings.morePeople(fitting.length - SHOWN_MAX)}</li>}
      </ul>
      {choosing && (
        <PickDialog
          title={strings.startWith}
          means={strings.startMeans}
          button={strings.start}
          fits={(person) => person.id !== you?.id && person.role !== "guest"}
          onChoose={openDirect}
          onClose={() => setChoosing(false)}
        />
      )}
    </main>
  );
}

type RowProps = { readonly person: Person; readonly isYou: boolean; readonly onWrite: (() => void) | null };

function PersonRow({ person, isYou, onWrite }: RowProps): ReactNode {
  const open = useCards();
  const about = [isYou ? strings.you : "", strings.roles[person.role]].filter((part) => part !== "").join(" · ");
  return (
    <li>
      <Presence here={person.online} />
      <button
        type="button"
        className="everyone-name"
        onClick={(event) => open({ type: "person", who: person, anchor: event.currentTarget })}
      >
        {person.name}
      </button>
      <span className="everyone-about">{about}</span>
      {onWrite !== null && (
        <button type="button" className="button quiet" aria-label={strings.messageTo(person.name)} onClick={onWrite}>
          {strings.message}
        </button>
      )}
    </li>
  );
}
