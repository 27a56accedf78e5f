/** Reads the store in a component: it is rendered again when what it selected is another. */

import { useMemo, useRef, useSyncExternalStore } from "react";
import type { RoomId } from "../protocol";
import type { Standing } from "../store/access";
import { isBehind, makeRows } from "../store/rows";
import type { Row } from "../store/rows.types";
import type { State } from "../store/state";
import { useApp } from "./AppContext";

/** What `select` finds now. Arrays of equal elements count as equal. */
export function useStore<T>(select: (state: State) => T): T {
  const { store } = useApp();
  const last = useRef<{ readonly value: T } | null>(null);
  return useSyncExternalStore(store.subscribe, () => {
    const value = select(store.get());
    if (last.current !== null && isSame(last.current.value, value)) return last.current.value;
    last.current = { value };
    return value;
  });
}

/** A room and one's standing in it: another only when something is that can be seen of it, and not with every message. */
export function useStanding(id: RoomId): (Standing & { readonly members: number }) | null {
  const [room, role, members] = useStore((state) => {
    const found = state.rooms.get(id)?.state;
    return [found?.room, found?.role, found?.members] as const;
  });
  return useMemo(
    () => (room === undefined || role === undefined ? null : { room, role, members: members ?? 0 }),
    [room, role, members],
  );
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  return (
    Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => Object.is(item, b[index]))
  );
}

/** The rows of a room; made anew only when the room, its waiting messages, or you have changed. */
export function useRows(id: RoomId): readonly Row[] {
  const room = useStore((state) => state.rooms.get(id));
  const pending = useStore((state) => state.pending.filter((message) => message.room === id));
  const you = useStore((state) => state.you);
  const segments = room?.segments;
  const presence = room?.presence;
  const { facts, quoted } = room ?? { facts: null, quoted: null };
  const behind = room !== undefined && isBehind(room);
  const { newLineAfter, loaded, loading } = room ?? { newLineAfter: null, loaded: false, loading: null };
  const [name, topic, since, floor] = [
    room?.state.room.name,
    room?.state.room.topic,
    room?.state.since,
    room?.state.floor,
  ];
  // biome-ignore lint/correctness/useExhaustiveDependencies: typing, counts and cursors change a room without changing its rows
  return useMemo(
    () => (room === undefined || you === null ? [] : makeRows(room, pending, you)),
    [segments, facts, quoted, presence, behind, newLineAfter, loaded, loading, name, topic, since, floor, pending, you],
  );
}
