/** The panel beside a room, or over it where there is no room beside it. What stands in it comes when it is first opened. */

import { lazy, type ReactNode, Suspense, useLayoutEffect, useRef } from "react";
import type { RoomId } from "../../protocol";
import { Boundary } from "../../ui/Boundary";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import "./Panel.css";

const Details = lazy(() => import("./Details"));

export function Panel({ room, onClose }: { room: RoomId; onClose: () => void }): ReactNode {
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
  return (
    <aside ref={panel} className="panel" aria-label={strings.details}>
      <div className="panel-header">
        <h2>{strings.details}</h2>
        <button type="button" className="menu-button" aria-label={strings.closeDetails} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className="panel-body">
        <Boundary words={strings.partBroken}>
          <Suspense fallback={null}>
            <Details key={room} room={room} />
          </Suspense>
        </Boundary>
      </div>
    </aside>
  );
}
