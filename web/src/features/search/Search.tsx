/** Looking for messages, beside the room they are shown in (UX 3.5 G). Nothing that is looked at here is marked as read. */

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { after } from "../../platform/clock";
import { showPanel } from "../../platform/location";
import type { RoomId } from "../../protocol";
import { useStore } from "../../react/useStore";
import type { Found } from "../../store/state";
import { strings } from "../../ui/strings";
import { search as words } from "../../ui/strings/search";
import { Results } from "./Results";
import { useSearch } from "./useSearch";
import "../../ui/choices.css";
import "../pages/Choice.css";
import "./search.css";

type Props = {
  /** The room beside the panel; null where there is none. */
  readonly room: RoomId | null;
  readonly everywhere: boolean;
};

export default function Search({ room, everywhere }: Props): ReactNode {
  const within = everywhere ? null : room;
  const looking = useSearch(within);
  const name = useStore((state) => (within === null ? null : (state.rooms.get(within)?.state.room.name ?? null)));
  const field = useRef<HTMLInputElement>(null);
  const whole = useRef<HTMLDivElement>(null);
  const { typed, found, refused, failed, slow } = looking;

  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  function links(): HTMLElement[] {
    return [...(whole.current?.querySelectorAll<HTMLElement>(".hit") ?? [])];
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
    const all = links();
    const at = all.findIndex((link) => link.matches(":focus"));
    const inField = document.activeElement === field.current;
    if (!inField && at < 0) return;
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      ...(inField ? {} : { Home: 0, End: all.length - 1 }),
    }[event.key];
    if (to !== undefined) {
      if (to < 0) field.current?.focus();
      else all[Math.min(to, all.length - 1)]?.focus();
    } else if (event.key === "Enter" && inField) {
      const first = all[0];
      first?.focus();
      // Behind this key: the outline of a message is gone with the next one.
      after(0, () => first?.click());
    } else {
      return;
    }
    event.preventDefault();
  }

  function add(text: string): void {
    const spaced = typed === "" || typed.endsWith(" ") ? typed : `${typed} `;
    looking.type(text.endsWith(":") ? spaced + text : `${spaced}${text} `);
    field.current?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its arrows go from the field to the results and back
    <div ref={whole} className="search-panel" onKeyDown={onKeyDown}>
      <search className="search-ask">
        <input
          ref={field}
          id="search-field"
          className="search"
          type="search"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          aria-label={strings.searchMessages}
          aria-describedby={refused === null ? "search-hint" : "search-refused"}
          aria-invalid={refused !== null}
          placeholder={strings.searchMessages}
          value={typed}
          onChange={(event) => looking.type(event.target.value)}
        />
        {refused !== null && (
          <p id="search-refused" className="field-error" role="alert">
            {refused}
          </p>
        )}
        <div className="search-choices">
          {room !== null && (
            <Segmented
              label={words.where}
              choices={[words.here, words.everywhere]}
              chosen={everywhere ? 1 : 0}
              onChoose={(at) => showPanel({ type: "search", everywhere: at === 1 })}
            />
          )}
          <Segmented
            label={words.order}
            choices={[words.newest, words.best]}
            chosen={looking.best ? 1 : 0}
            onChoose={(at) => looking.choose(at === 1)}
          />
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a set of buttons is no form */}
        <div className="search-adds" role="group" aria-label={words.operators}>
          {words.adds.map(([text, means]) => (
            <button key={text} type="button" title={means} aria-label={`${text} ${means}`} onClick={() => add(text)}>
              {text}
            </button>
          ))}
        </div>
      </search>
      <p className="search-status" role="status">
        {failed || refused !== null ? "" : slow ? words.looking : status(found)}
      </p>
      {failed ? (
        <p className="search-none" role="alert">
          {words.noAnswer}{" "}
          <button type="button" className="link" onClick={looking.again}>
            {words.tryAgain}
          </button>
        </p>
      ) : found === null ? (
        <p id="search-hint" className="search-none">
          {words.hint}
        </p>
      ) : found.hits.length === 0 && found.next === null ? (
        <p className="search-none">
          {words.nothing(found.typed.trim(), name)}{" "}
          {within !== null && (
            <button type="button" className="link" onClick={() => showPanel({ type: "search", everywhere: true })}>
              {words.lookEverywhere}
            </button>
          )}
        </p>
      ) : (
        <Results found={found} named={within === null} onMore={looking.more} />
      )}
      {found?.behind === true && <p className="search-none">{words.behind}</p>}
    </div>
  );
}

function status(found: Found | null): string {
  if (found === null || !found.complete || (found.hits.length === 0 && found.next === null)) return "";
  return words.found(found.hits.length, found.next !== null);
}

type SegmentedProps = {
  readonly label: string;
  readonly choices: readonly string[];
  readonly chosen: number;
  readonly onChoose: (at: number) => void;
};

function Segmented({ label, choices, chosen, onChoose }: SegmentedProps): ReactNode {
  return (
    <fieldset className="segmented search-segmented" aria-label={label}>
      {choices.map((words, at) => (
        <label key={words}>
          <input type="radio" name={label} checked={at === chosen} onChange={() => onChoose(at)} />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
