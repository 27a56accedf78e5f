/** The messages one saved for oneself, the last one first (TALK-7). */

import { type ReactNode, useEffect, useState } from "react";
import type { Event } from "../../protocol";
import { useActions } from "../../react/useActions";
import { strings } from "../../ui/strings";
import { MessageItems } from "../room/MessageItems";
import { Frame } from "./Frame";

export default function SavedPage({ onBack }: { onBack: () => void }): ReactNode {
  const { listSaved } = useActions();
  const [events, setEvents] = useState<readonly Event[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [failed, setFailed] = useState("");

  async function load(before: number | null): Promise<void> {
    const found = await listSaved(before);
    setFailed(found.ok ? "" : found.message);
    if (!found.ok) return;
    setEvents((held) => [...(before === null ? [] : (held ?? [])), ...found.value.events]);
    setNext(found.value.next ?? null);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as it is opened
  useEffect(() => void load(null), []);

  return (
    <Frame title={strings.savedMessages} onBack={onBack} failed={failed}>
      {events?.length === 0 && <p className="mine-none">{strings.nothingSaved}</p>}
      {events !== null && <MessageItems label={strings.savedMessages} events={events} showsRoom />}
      {next !== null && (
        <button type="button" className="link mine-more" onClick={() => void load(next)}>
          {strings.more}
        </button>
      )}
    </Frame>
  );
}
