/** One row of a timeline: a message, a line about people, a gap, the beginning. Rendered again only when it is another. */

import { lazy, memo, type ReactNode, useEffect, useState } from "react";
import { isTouch } from "../../platform/attention";
import { after, nowMs } from "../../platform/clock";
import { useActions } from "../../react/useActions";
import { usePreference } from "../../react/usePreference";
import { useStore } from "../../react/useStore";
import { useToday } from "../../react/useToday";
import type { GapRow, MessageRow, Row, StartRow, SystemRow } from "../../store/rows.types";
import type { Fact, Mark } from "../../store/state";
import { Boundary } from "../../ui/Boundary";
import { Icon } from "../../ui/Icon";
import { Later } from "../../ui/Later";
import { strings } from "../../ui/strings";
import { clockText, dateText, dayText, wholeText } from "../../ui/time";
import { useCards } from "../people/Cards";
import { cardsHeight } from "./cards";
import { MessageBody } from "./MessageBody";
import { Reactions } from "./Reactions";
import { RowBar } from "./RowBar";
import { ThreadStub } from "./ThreadStub";
import "./rows.css";

const LinkCards = lazy(() => import("./LinkCards"));

/** A message that is on its way for less than this looks like any other. */
const QUIET_MS = 1_000;

export const RowContent = memo(function RowContent({ row, room, id }: Props): ReactNode {
  return (
    <>
      {row.dayMs !== null && <DayLine dayMs={row.dayMs} />}
      {row.newLine && <NewLine />}
      <Boundary words={strings.rowBroken}>
        {row.type === "message" && <Message row={row} room={room} id={id} />}
        {row.type === "system" && <System row={row} id={id} />}
        {row.type === "gap" && <Gap row={row} room={room} id={id} />}
        {row.type === "start" && <Start row={row} id={id} />}
      </Boundary>
    </>
  );
}, isSameRow);

type Props = { readonly row: Row; readonly room: number; readonly id: string };

/** Rows are made anew with every event of their room; one is another only when something in it is. */
function isSameRow(before: Props, after: Props): boolean {
  if (before.id !== after.id || before.room !== after.room) return false;
  const [a, b] = [before.row as unknown as Record<string, unknown>, after.row as unknown as Record<string, unknown>];
  return Object.keys(b).every((part) => Object.is(a[part], b[part])) && before.row.type === after.row.type;
}

function DayLine({ dayMs }: { dayMs: number }): ReactNode {
  const words = dayText(dayMs, useToday());
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr holds no words
    <div className="row-day" role="separator" aria-label={words}>
      <span aria-hidden="true">{words}</span>
    </div>
  );
}

function NewLine(): ReactNode {
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr holds no words
    <div className="row-new" role="separator" aria-label={strings.newMessages}>
      <b aria-hidden="true">{strings.newLine}</b>
      <i />
    </div>
  );
}

function Message({ row, room, id }: { row: MessageRow; room: number; id: string }): ReactNode {
  const { pending } = row;
  const blocked = useStore((state) => state.blocked.has(row.author.id));
  const [unfolded, setUnfolded] = useState(false);
  const folded = blocked && !unfolded;
  const refused = pending?.state === "refused";
  const classes = [
    "row message",
    row.head && "head",
    row.unread && "unread",
    row.called && "called",
    pending && (refused ? "refused" : "waiting"),
  ];
  return (
    <div className={classes.filter(Boolean).join(" ")}>
      <div className="row-margin" id={`${id}-about`}>
        {pending === null ? (
          <Time row={row} />
        ) : refused ? (
          <span className="long">{strings.notSent}</span>
        ) : (
          <SendState row={row} />
        )}
      </div>
      <div>
        <div className={row.head && !folded ? `row-name of-${row.author.id % 8}` : "hidden"} id={`${id}-name`}>
          {folded ? "" : <Name row={row} />}
        </div>
        {folded ? (
          <div className="row-body row-folded" id={`${id}-body`}>
            {strings.blockedMessage}{" "}
            <button type="button" className="link" onClick={() => setUnfolded(true)}>
              {strings.show}
            </button>
          </div>
        ) : (
          <MessageBody row={row} room={room} id={id} />
        )}
        {row.fact !== null && row.seq !== null && !folded && (
          <About fact={row.fact} at={{ room, seq: row.seq }} own={row.own} />
        )}
        {refused && pending !== null && <Refused clientId={pending.clientId} reason={pending.reason ?? ""} />}
      </div>
      {!folded && <RowBar row={row} room={room} />}
    </div>
  );
}

/** What there is about it besides its words. */
function About({ fact, at, own }: { fact: Fact; at: Mark; own: boolean }): ReactNode {
  const { openThread } = useActions();
  usePreference("cards");
  const height = cardsHeight(fact.cards);
  return (
    <>
      {height > 0 && (
        <div style={{ height }}>
          <Later>
            <LinkCards cards={fact.cards} at={at} own={own} />
          </Later>
        </div>
      )}
      {fact.reactions.length > 0 && <Reactions at={at} of={fact.reactions} />}
      {fact.thread !== null && <ThreadStub thread={fact.thread} onOpen={() => openThread(at)} />}
    </>
  );
}

/** A name that can be pressed, where a press is not how one scrolls; everybody else finds the person in the row's menu. */
function Name({ row }: { row: MessageRow }): ReactNode {
  const open = useCards();
  if (!row.head || isTouch()) return row.author.name;
  return (
    <button
      type="button"
      className="row-who"
      tabIndex={-1}
      onClick={(event) => open({ type: "person", who: row.author, anchor: event.currentTarget })}
    >
      {row.author.name}
    </button>
  );
}

function Time({ row }: { row: MessageRow }): ReactNode {
  return (
    <time
      className={row.head ? undefined : "on-demand"}
      dateTime={new Date(row.atMs).toISOString()}
      title={wholeText(row.atMs)}
    >
      {clockText(row.atMs)}
    </time>
  );
}

function SendState({ row }: { row: MessageRow }): ReactNode {
  const [shown, setShown] = useState(nowMs() - row.atMs > QUIET_MS);
  useEffect(() => (shown ? undefined : after(QUIET_MS, () => setShown(true))), [shown]);
  if (!shown) return null;
  const words = row.pending?.state === "sending" ? strings.sending : strings.waitingToSend;
  return (
    <span className="spinner" role="img" aria-label={words} title={words}>
      ◌
    </span>
  );
}

function Refused({ clientId, reason }: { clientId: string; reason: string }): ReactNode {
  const { retry, editPending, discard } = useActions();
  return (
    <p className="row-reason" role="alert">
      {reason}
      <button type="button" onClick={() => retry(clientId)}>
        {strings.retry}
      </button>
      <button type="button" onClick={() => editPending(clientId)}>
        {strings.edit}
      </button>
      <button type="button" onClick={() => discard(clientId)}>
        {strings.delete}
      </button>
    </p>
  );
}

function System({ row, id }: { row: SystemRow; id: string }): ReactNode {
  return (
    <div className="row row-system">
      <div className="row-margin" id={`${id}-about`}>
        <time className="on-demand" dateTime={new Date(row.atMs).toISOString()} title={wholeText(row.atMs)}>
          {clockText(row.atMs)}
        </time>
      </div>
      <div id={`${id}-body`}>{systemText(row)}</div>
    </div>
  );
}

function systemText(row: SystemRow): string {
  const { lines } = row;
  if (lines.kind === "people") return strings.joinedLeft(lines.joined, lines.left);
  const { event, changed } = lines;
  if (event.kind !== "room_renamed") return strings.happened(event);
  if (changed === "topic") return strings.newTopic(event.by.name);
  return changed === "name" ? strings.renamed(event.by.name, event.name) : strings.newNameOrTopic(event.by.name);
}

function Gap({ row, room, id }: { row: GapRow; room: number; id: string }): ReactNode {
  const { loadGap } = useActions();
  return (
    <div className="row">
      <div className="row-gap" id={`${id}-body`}>
        {strings.gap(row.missing)}{" "}
        <button type="button" className="link" disabled={row.loading} onClick={() => loadGap(room, row.after)}>
          {row.loading ? strings.loading : strings.load}
        </button>
      </div>
    </div>
  );
}

/** What a room says of itself where its history begins. */
function begun({ room, others, people, madeBy, madeAtMs, fromJoining }: StartRow): string {
  if (room.kind === "lobby") return strings.lobbyEmpty;
  if (room.kind === "direct") return strings.onlyYouAnd(others, people);
  if (madeBy === null || madeAtMs === null) return fromJoining ? "" : strings.roomStart;
  return strings.madeBy(madeBy.name, dateText(madeAtMs));
}

function Start({ row, id }: { row: StartRow; id: string }): ReactNode {
  const { room } = row;
  return (
    <div className="row">
      <div className="row-start" id={`${id}-body`}>
        <h2>
          {room.kind === "closed" && <Icon name="lock" />}
          {room.name}
        </h2>
        {begun(row) !== "" && <p>{begun(row)}</p>}
        {room.kind === "closed" && <p>{strings.closedRoomRead(room.history)}</p>}
        {row.fromJoining && <p>{strings.fromYourJoining}</p>}
        {room.topic !== "" && <p>{room.topic}</p>}
        {row.empty && <p>{strings.noMessages}</p>}
      </div>
    </div>
  );
}
