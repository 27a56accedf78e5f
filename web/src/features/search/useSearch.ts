/** Looks for what is typed, a moment after the last key; what was asked before is dropped. */

import { useEffect, useMemo, useRef, useState } from "react";
import { after } from "../../platform/clock";
import type { RoomId } from "../../protocol";
import { useApp } from "../../react/AppContext";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { Found } from "../../store/state";
import { heldHits } from "./held";

/** Typing on within this time asks nothing. */
const TYPING_MS = 150;
/** What takes longer than this is worth a word. */
const SLOW_MS = 400;

export type Looking = {
  readonly typed: string;
  readonly best: boolean;
  readonly found: Found | null;
  readonly slow: boolean;
  /** Why there is no answer: what was typed is no question, or nobody answered. */
  readonly refused: string | null;
  readonly failed: boolean;
  type(typed: string): void;
  choose(best: boolean): void;
  more(): void;
  again(): void;
};

export function useSearch(room: RoomId | null): Looking {
  const { search, keepFound } = useActions();
  const { store } = useApp();
  const found = useStore((state) => state.found);
  const [typed, setTyped] = useState(found?.typed ?? "");
  const [best, setBest] = useState(found?.best ?? false);
  const [slow, setSlow] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const answered = useRef(found);
  answered.current = found;

  useEffect(() => {
    const q = typed.trim();
    const before = answered.current;
    const isAnswered = before !== null && before.typed === typed && before.best === best && before.room === room;
    setRefused(null);
    setFailed(false);
    setSlow(false);
    if (q === "" || (isAnswered && before.complete)) {
      if (q === "") keepFound(null);
      return;
    }
    const asked = new AbortController();
    const stopSlow = after(SLOW_MS, () => setSlow(true));
    const stop = after(tries === 0 ? TYPING_MS : 0, async () => {
      const answer = await search({ q, best, room, before: null }, asked.signal);
      if (asked.signal.aborted) return;
      stopSlow();
      setSlow(false);
      if (answer.ok) keepFound({ typed, best, room, ...answer.value });
      else if (answer.code === null || answer.code === "busy" || answer.code === "internal") setFailed(true);
      else if (answer.code === "empty") keepFound(null);
      else setRefused(answer.message);
    });
    return () => {
      stop();
      stopSlow();
      asked.abort();
    };
  }, [typed, best, room, tries, search, keepFound]);

  async function more(): Promise<void> {
    if (found === null || found.next === null) return;
    const q = found.typed.trim();
    const answer = await search({ q, best: false, room: found.room, before: found.next }, null);
    // Whoever typed on meanwhile looks at other results.
    if (answered.current !== found) return;
    if (!answer.ok) {
      setFailed(true);
      return;
    }
    const known = new Set(found.hits.map((hit) => `${hit.room}/${hit.seq}`));
    const hits = [...found.hits, ...answer.value.hits.filter((hit) => !known.has(`${hit.room}/${hit.seq}`))];
    keepFound({ ...found, ...answer.value, hits });
  }

  const isAnswer = found?.typed === typed && found.best === best && found.room === room && found.complete;
  // What the page holds is shown at once, and what was found before until then where it holds nothing.
  const held = useMemo(() => {
    const hits = isAnswer ? null : heldHits(store.get().rooms.values(), typed, room);
    return hits === null || hits.length === 0
      ? null
      : { typed, best, room, hits, next: null, behind: false, complete: false };
  }, [isAnswer, store, typed, best, room]);

  return {
    typed,
    best,
    found: typed.trim() === "" ? null : (held ?? found),
    slow,
    refused,
    failed,
    type: setTyped,
    choose: setBest,
    more: () => void more(),
    again: () => setTries((n) => n + 1),
  };
}
