/** Who somebody is, and what one may do: write to them, or not hear from them any more (UX 3.5 K). */

import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Author } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInHouse } from "../../store/access";
import { Popover } from "../../ui/Popover";
import { Presence } from "../../ui/Presence";
import { strings } from "../../ui/strings";
import "./PersonCard.css";

type Props = { readonly who: Author; readonly anchor: HTMLElement; readonly onClose: () => void };

export default function PersonCard({ who, anchor, onClose }: Props): ReactNode {
  const { loadPeople, openDirect, block, unblock } = useActions();
  const you = useStore((state) => state.you);
  const person = useStore((state) => state.people?.get(who.id) ?? null);
  const blocked = useStore((state) => state.blocked.has(who.id));
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    card.current?.querySelector<HTMLElement>("button:enabled")?.focus();
    void loadPeople();
  }, [loadPeople]);

  async function act(
    ask: () => Promise<{ ok: true } | { ok: false; message: string }>,
    closes: boolean,
  ): Promise<void> {
    if (busy) return;
    setBusy(true);
    const done = await ask();
    setBusy(false);
    setRefused(done.ok ? "" : done.message);
    if (done.ok && closes) onClose();
  }

  const role = person === null ? "" : strings.roles[person.role];
  return (
    <Popover anchor={anchor} label={strings.aboutPerson(who.name)} onClose={onClose}>
      <section ref={card} className="card">
        <h2>{person?.name ?? who.name}</h2>
        {person !== null && (
          <p className="card-line">
            <Presence here={person.online} quiet />
            {[person.online ? strings.online : strings.away, role].filter((part) => part !== "").join(" · ")}
          </p>
        )}
        {who.id === you?.id && <p>{strings.thisIsYou}</p>}
        {who.id !== you?.id && mayInHouse("OpenDirect", you?.role) && (
          <div className="card-acts">
            <button
              type="button"
              className="button primary"
              disabled={blocked}
              onClick={() => void act(() => openDirect([who.id]), true)}
            >
              {strings.message}
            </button>
            <button
              type="button"
              className="button quiet"
              onClick={() => void act(() => (blocked ? unblock(who) : block(who)), false)}
            >
              {blocked ? strings.unblock : strings.block}
            </button>
          </div>
        )}
        {who.id !== you?.id && mayInHouse("Block", you?.role) && (
          <p className="card-means" role="status">
            {blocked ? strings.youBlockThem : strings.blockMeans}
          </p>
        )}
        {refused !== "" && (
          <p className="field-error" role="alert">
            {refused}
          </p>
        )}
      </section>
    </Popover>
  );
}
