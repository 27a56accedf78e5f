/** What was found: each message with its words marked, and the lines around it. */

import type { MouseEvent, ReactNode } from "react";
import { nowMs } from "../../platform/clock";
import { pathOf } from "../../platform/location";
import type { Beside, Hit } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { Found } from "../../store/state";
import { search as words } from "../../ui/strings/search";
import { momentText, wholeText } from "../../ui/time";

type Props = {
  readonly found: Found;
  /** Whether the room of each is said. */
  readonly named: boolean;
  readonly onMore: () => void;
};

export function Results({ found, named, onMore }: Props): ReactNode {
  return (
    <>
      <ol className="hits" aria-label={words.results}>
        {found.hits.map((hit) => (
          <li key={`${hit.room}/${hit.seq}`}>
            <Result hit={hit} named={named} />
          </li>
        ))}
      </ol>
      {found.next !== null && (
        <button type="button" className="link hits-more" onClick={onMore}>
          {words.more}
        </button>
      )}
    </>
  );
}

function Result({ hit, named }: { hit: Hit; named: boolean }): ReactNode {
  const { goTo } = useActions();
  const name = useStore((state) => state.rooms.get(hit.room)?.state.room.name ?? "");
  const isShown = useStore((state) => state.target?.room === hit.room && state.target.seq === hit.seq);
  const place = { type: "room", room: hit.room, seq: hit.seq } as const;

  function onClick(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goTo(place);
  }

  return (
    <a className="hit" href={pathOf(place)} aria-current={isShown ? "true" : undefined} onClick={onClick}>
      <span className="hit-head">
        <b>{hit.by.name}</b>
        {named && <span>{words.whereSaid(name)}</span>}
        <time dateTime={new Date(hit.at).toISOString()} title={wholeText(hit.at)}>
          {momentText(hit.at, nowMs())}
        </time>
      </span>
      <Line of={hit.before} />
      <span className="hit-words" dir="auto">
        {hit.words.map((piece, at) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no other name
          piece.mark === true ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>,
        )}
      </span>
      <Line of={hit.after} />
    </a>
  );
}

function Line({ of }: { of: Beside | undefined }): ReactNode {
  if (of === undefined) return null;
  return (
    <span className="hit-beside" dir="auto">
      {of.by.name}: {of.text}
    </span>
  );
}
