/** The panel beside a room, or over it where there is no room beside it. What stands in it comes when it is first opened. */

import { type KeyboardEvent, lazy, type ReactNode, Suspense, useLayoutEffect, useRef } from "react";
import type { InPanel } from "../../platform/location";
import type { RoomId } from "../../protocol";
import { Boundary } from "../../ui/Boundary";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import "./Panel.css";

const Details = lazy(() => import("./Details"));
const Search = lazy(() => import("../search/Search"));

const TITLES = {
  details: { title: strings.details, close: strings.closeDetails },
  search: { title: strings.search, close: strings.closeSearch },
} as const;

type Props = {
  /** The room beside it; null where there is none. */
  readonly room: RoomId | null;
  readonly of: InPanel;
  readonly onClose: () => void;
};

export function Panel({ room, of, onClose }: Props): ReactNode {
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
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.shiftKey || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  }
  const { title, close } = TITLES[of.type];
  return (
    <aside ref={panel} className="panel" aria-label={title} onKeyDown={onKeyDown}>
      <div className="panel-header">
        <h2>{title}</h2>
        <button type="button" className="menu-button" aria-label={close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className="panel-body">
        <Boundary words={strings.partBroken}>
          <Suspense fallback={null}>
            {of.type === "search" ? (
              <Search room={room} everywhere={of.everywhere || room === null} />
            ) : (
              room !== null && <Details key={room} room={room} />
            )}
          </Suspense>
        </Boundary>
      </div>
    </aside>
  );
}
