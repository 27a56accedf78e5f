/** Who is in a room, those present first. */

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Member, RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import "./People.css";

export function People({ room, onClose }: { room: RoomId; onClose: () => void }): ReactNode {
  const { listMembers } = useActions();
  const online = useStore((state) => state.rooms.get(room)?.state.online ?? 0);
  const members = useStore((state) => state.rooms.get(room)?.state.members ?? 0);
  const [found, setFound] = useState<readonly Member[] | null>(null);
  const [failed, setFailed] = useState("");
  const panel = useRef<HTMLElement>(null);
  // A focus inside the panel goes back where it was before, and never nowhere.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const own = panel.current;
    return () => {
      if (own === null || !own.contains(document.activeElement)) return;
      const back = before instanceof HTMLElement && before !== document.body ? before : document.getElementById("box");
      back?.focus();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who is there is asked again when their number changes
  useEffect(() => {
    let wanted = true;
    void listMembers(room).then((outcome) => {
      if (!wanted) return;
      setFailed(outcome.ok ? "" : outcome.message);
      if (outcome.ok) setFound(outcome.value);
    });
    return () => {
      wanted = false;
    };
  }, [room, online, members, listMembers]);
  return (
    <aside ref={panel} className="panel" aria-label={strings.people}>
      <div className="panel-header">
        <h2>{strings.people}</h2>
        <button type="button" className="menu-button" aria-label={strings.closePanel} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
      <ul className="people" tabIndex={0} aria-label={strings.people}>
        {found?.map((member) => (
          <li key={member.id}>
            <span
              className={member.online ? "presence on" : "presence"}
              role="img"
              aria-label={member.online ? strings.online : strings.away}
            />
            {member.name}
          </li>
        ))}
      </ul>
      {failed !== "" && <p role="alert">{failed}</p>}
    </aside>
  );
}
