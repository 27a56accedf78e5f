/** People to choose from: searched by name, moved through with arrows, chosen with the space bar. */

import { type KeyboardEvent, type ReactNode, useState } from "react";
import type { UserId } from "../../protocol";
import type { Person } from "../../store/state";
import { Presence } from "../../ui/Presence";
import { strings } from "../../ui/strings";
import "../../ui/choices.css";

/** More than this are not put into the page; the search finds them. */
const SHOWN_MAX = 100;

type Props = {
  /** Null while it is not known who there is. */
  readonly people: readonly Person[] | null;
  readonly chosen: ReadonlySet<UserId>;
  readonly onChosen: (chosen: ReadonlySet<UserId>) => void;
};

/** Those whose name, or a part of it, begins so; those who are here first. */
export function found<T extends Pick<Person, "name" | "online">>(people: readonly T[], text: string): readonly T[] {
  const wanted = text.trim().toLocaleLowerCase();
  const fits = ({ name }: T) => {
    const lower = name.toLocaleLowerCase();
    return lower.startsWith(wanted) || lower.split(/\s+/).some((part) => part.startsWith(wanted));
  };
  return people.filter(fits).sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
}

export function Picks({ people, chosen, onChosen }: Props): ReactNode {
  const [text, setText] = useState("");
  const fitting = found(people ?? [], text);

  function toggle(id: UserId): void {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChosen(next);
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    const fields = [...event.currentTarget.querySelectorAll("input")];
    const at = fields.indexOf(event.target as HTMLInputElement);
    event.preventDefault();
    fields[Math.max(0, Math.min(fields.length - 1, at + by))]?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows go between the fields in it
    <div className="field" onKeyDown={onKeyDown}>
      <input
        className="search"
        type="search"
        aria-label={strings.searchPeople}
        placeholder={strings.searchPeople}
        value={text}
        onChange={(event) => setText(event.target.value)}
        // Enter in a search is not the end of choosing.
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      />
      {fitting.length === 0 ? (
        <p className="picks-none">{whyNone(people === null, text.trim())}</p>
      ) : (
        <ul className="picks">
          {fitting.slice(0, SHOWN_MAX).map((person) => (
            <li key={person.id}>
              <label>
                <input type="checkbox" checked={chosen.has(person.id)} onChange={() => toggle(person.id)} />
                <Presence here={person.online} quiet />
                {person.name}
                <small>{strings.roles[person.role]}</small>
              </label>
            </li>
          ))}
        </ul>
      )}
      {fitting.length > SHOWN_MAX && <p className="field-means">{strings.morePeople(fitting.length - SHOWN_MAX)}</p>}
    </div>
  );
}

function whyNone(isLoading: boolean, text: string): string {
  if (isLoading) return strings.loadingPeople;
  return text === "" ? strings.nobodyToAdd : strings.nobodyCalled(text);
}
