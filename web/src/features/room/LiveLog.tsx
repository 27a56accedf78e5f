/** What a screen reader is told: new messages of this room by others, as text, and never history (UX 3.8). */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { after } from "../../platform/clock";
import type { RoomId } from "../../protocol";
import { useStore } from "../../react/useStore";
import { type Message, standsInRoom } from "../../store/messages";
import { plain } from "../../ui/plain";
import { strings } from "../../ui/strings";
import { fileStrings } from "../../ui/strings/files";

/** A message alone is told after this time. */
const ALONE_MS = 500;
/** Messages within this time are told together when there are more than a few. */
const BURST_MS = 2_000;
const BURST_MAX = 3;
const KEPT = 20;

type Heard = { readonly seq: number; readonly name: string; readonly text: string };

export function LiveLog({ room }: { room: RoomId }): ReactNode {
  const newest = useStore((state) => state.rooms.get(room)?.segments.at(-1)?.at(-1) ?? null);
  const segments = useStore((state) => state.rooms.get(room)?.segments ?? null);
  const cursor = useStore((state) => state.rooms.get(room)?.cursor ?? 0);
  const you = useStore((state) => state.you?.id);
  const blocked = useStore((state) => state.blocked);
  const [spoken, setSpoken] = useState<readonly { key: number; words: string }[]>([]);
  const told = useRef(cursor);
  const waiting = useRef<Heard[]>([]);
  const planned = useRef(false);

  useEffect(() => {
    if (newest === null || newest.seq <= told.current) return;
    const fresh = (segments?.at(-1) ?? []).filter((event) => event.seq > told.current);
    told.current = newest.seq;
    for (const event of fresh) {
      if (event.kind === "message" && isHeard(event) && event.by.id !== you && !blocked.has(event.by.id)) {
        const said = event.tree === undefined ? event.text : plain(event.tree, strings.hidden);
        const carried = event.files === undefined ? "" : fileStrings.named(event.files);
        const text = [said, carried].filter(Boolean).join(" ");
        waiting.current.push({ seq: event.seq, name: event.by.name, text });
      }
    }
    if (planned.current || waiting.current.length === 0) return;
    planned.current = true;
    const say = () => {
      planned.current = false;
      const heard = waiting.current;
      waiting.current = [];
      setSpoken((before) => [...before, ...phrase(heard)].slice(-KEPT));
    };
    // One that stays alone is told soon; when others come right behind it, they are waited for.
    after(ALONE_MS, () => (waiting.current.length === 1 ? say() : after(BURST_MS - ALONE_MS, say)));
  }, [newest, segments, you, blocked]);

  return (
    <div className="hidden" role="log" aria-live="polite" data-live-log="">
      {spoken.map((line) => (
        <p key={line.key}>{line.words}</p>
      ))}
    </div>
  );
}

/** What stands in a thread alone is told there, and what is deleted already nowhere. */
function isHeard(message: Message): boolean {
  return standsInRoom(message) && message.deleted === undefined;
}

function phrase(heard: readonly Heard[]): { key: number; words: string }[] {
  const last = heard.at(-1);
  if (last !== undefined && heard.length > BURST_MAX) {
    return [{ key: last.seq, words: strings.spokenMany(heard.length, last.name) }];
  }
  return heard.map((message) => ({ key: message.seq, words: strings.spoken(message.name, message.text) }));
}
