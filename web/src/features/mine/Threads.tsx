/** The threads one follows, the one with the newest reply first (THR-5). */

import { type ReactNode, useEffect, useState } from "react";
import { nowMs } from "../../platform/clock";
import type { FollowedThread } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { strings } from "../../ui/strings";
import { momentText } from "../../ui/time";
import { inShort } from "../room/MessageBody";
import { Frame } from "./Frame";
import "../room/MessageItems.css";

export default function Threads({ onBack }: { onBack: () => void }): ReactNode {
  const { listThreads } = useActions();
  const [threads, setThreads] = useState<readonly FollowedThread[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [failed, setFailed] = useState("");

  async function load(before: string | null): Promise<void> {
    const found = await listThreads(before);
    setFailed(found.ok ? "" : found.message);
    if (!found.ok) return;
    setThreads((held) => [...(before === null ? [] : (held ?? [])), ...found.value.threads]);
    setNext(found.value.next ?? null);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as it is opened
  useEffect(() => void load(null), []);

  return (
    <Frame title={strings.threads} onBack={onBack} failed={failed}>
      {threads?.length === 0 && <p className="mine-none">{strings.noThreads}</p>}
      <ul aria-label={strings.threads}>
        {threads?.map((one) => (
          <li key={`${one.state.room}-${one.state.thread}`}>
            <ThreadItem of={one} />
          </li>
        ))}
      </ul>
      {next !== null && (
        <button type="button" className="link mine-more" onClick={() => void load(next)}>
          {strings.more}
        </button>
      )}
    </Frame>
  );
}

function ThreadItem({ of: { root, state } }: { of: FollowedThread }): ReactNode {
  const { openThread } = useActions();
  const { room, thread } = state;
  const name = useStore((whole) => whole.rooms.get(room)?.state.room.name ?? "");
  // What is known of it here is newer than the list.
  const { replies, unread, last } = useStore((whole) => whole.rooms.get(room)?.facts.get(thread)?.thread ?? state);
  const message = root?.kind === "message" && root.deleted === undefined ? root : null;
  const newest = last?.kind === "message" && last.deleted === undefined ? last : null;
  return (
    <button type="button" className="mine-thread" onClick={() => openThread({ room, seq: thread })}>
      <span className="item-about">
        <b>{message?.by.name ?? strings.thread}</b>
        <span>{name}</span>
        {message !== null && <time>{momentText(message.at, nowMs())}</time>}
      </span>
      <span className="item-words" dir="auto">
        {message === null ? strings.rootGone : inShort(message)}
      </span>
      <span className={unread > 0 ? "thread-stub unread" : "thread-stub"}>
        <b>{strings.replies(replies)}</b>
        <span>
          {unread > 0 && `${strings.unreadCount(String(unread))} · `}
          {newest !== null && `${newest.by.name}: ${inShort(newest)}`}
        </span>
      </span>
    </button>
  );
}
