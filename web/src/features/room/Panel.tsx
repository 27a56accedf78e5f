/** The panel beside a room, or over it where there is no room beside it. What stands in it comes when it is first opened. */

import { type KeyboardEvent, lazy, type ReactNode, Suspense, useLayoutEffect, useRef } from "react";
import type { InPanel } from "../../platform/location";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { Mark } from "../../store/state";
import { Boundary } from "../../ui/Boundary";
import { Icon } from "../../ui/Icon";
import { isPopoverOpen } from "../../ui/Popover";
import { strings } from "../../ui/strings";
import "./Panel.css";

const Details = lazy(() => import("./Details"));
const ThreadPanel = lazy(() => import("./thread/ThreadPanel"));
const ListPanel = lazy(() => import("./ListPanel"));
const Search = lazy(() => import("../search/Search"));

const TITLES: Readonly<Record<InPanel["type"], { readonly title: string; readonly close: string }>> = {
  details: { title: strings.details, close: strings.closeDetails },
  thread: { title: strings.thread, close: strings.closeThread },
  pins: { title: strings.pinned, close: strings.closeList },
  unread: { title: strings.whyUnread, close: strings.closeList },
  search: { title: strings.search, close: strings.closeSearch },
};

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
      // What stands in the panel may have taken the focus before this was asked.
      const isOutside = before instanceof HTMLElement && before !== document.body && !own.contains(before);
      (isOutside ? before : document.getElementById("box"))?.focus();
    };
  }, []);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.shiftKey || event.defaultPrevented) return;
    // What lies over the page closes first, also where it was opened from the panel.
    if (document.querySelector("dialog[open]") !== null || isPopoverOpen()) return;
    event.preventDefault();
    onClose();
  }
  const { title, close } = TITLES[of.type];
  // A result may have led to a thread: it is read by who acts there, as a room is.
  const { attend } = useActions();
  const acting = of.type === "thread" ? attend : undefined;
  return (
    <aside
      ref={panel}
      className="panel"
      aria-label={title}
      onKeyDown={onKeyDown}
      onKeyDownCapture={acting}
      onPointerDownCapture={acting}
      onWheelCapture={acting}
    >
      <div className="panel-header">
        <h2>{title}</h2>
        {of.type === "thread" && room !== null && <FollowThread at={{ room, seq: of.seq }} />}
        <button type="button" className="menu-button" aria-label={close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <Boundary key={of.type} words={strings.partBroken}>
        <Suspense fallback={<div className="panel-body" />}>
          {of.type === "thread" ? (
            room !== null && <ThreadPanel key={`${room}-${of.seq}`} at={{ room, seq: of.seq }} />
          ) : (
            <div className="panel-body">
              {of.type === "search" ? (
                <Search room={room} everywhere={of.everywhere || room === null} />
              ) : of.type === "details" ? (
                room !== null && <Details key={room} room={room} />
              ) : (
                room !== null && <ListPanel room={room} of={of.type} />
              )}
            </div>
          )}
        </Suspense>
      </Boundary>
    </aside>
  );
}

/** Whether its replies are counted as unread for oneself; a press changes that. */
function FollowThread({ at }: { at: Mark }): ReactNode {
  const { setFollowing, flash } = useActions();
  const following = useStore((state) => state.rooms.get(at.room)?.facts.get(at.seq)?.thread?.following ?? false);
  return (
    <button
      type="button"
      className="button quiet"
      aria-pressed={following}
      onClick={() => void setFollowing(at, !following).then((done) => done.ok || flash(done.message))}
    >
      {following ? strings.following : strings.follow}
    </button>
  );
}
