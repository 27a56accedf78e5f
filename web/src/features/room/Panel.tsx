/** The panel beside a room, or over it where there is no room beside it. What stands in it comes when it is first opened. */

import { lazy, type ReactNode, Suspense, useLayoutEffect, useRef } from "react";
import type { Panel as PanelState } from "../../platform/location";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import type { Mark } from "../../store/state";
import { Boundary } from "../../ui/Boundary";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import "./Panel.css";

const Details = lazy(() => import("./Details"));
const ThreadPanel = lazy(() => import("./thread/ThreadPanel"));
const ListPanel = lazy(() => import("./ListPanel"));

const TITLES: Readonly<Record<PanelState["type"], readonly [title: string, close: string]>> = {
  details: [strings.details, strings.closeDetails],
  thread: [strings.thread, strings.closeThread],
  pins: [strings.pinned, strings.closeList],
  unread: [strings.whyUnread, strings.closeList],
};

type Props = { readonly room: RoomId; readonly panel: PanelState; readonly onClose: () => void };

export function Panel({ room, panel: shown, onClose }: Props): ReactNode {
  const [title, close] = TITLES[shown.type];
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
  return (
    <aside ref={panel} className="panel" aria-label={title}>
      <div className="panel-header">
        <h2>{title}</h2>
        {shown.type === "thread" && <FollowThread at={{ room, seq: shown.seq }} />}
        <button type="button" className="menu-button" aria-label={close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <Boundary key={`${shown.type}-${room}`} words={strings.partBroken}>
        <Suspense fallback={<div className="panel-body" />}>
          {shown.type === "thread" ? (
            <ThreadPanel key={shown.seq} at={{ room, seq: shown.seq }} />
          ) : (
            <div className="panel-body">
              {shown.type === "details" ? (
                <Details key={room} room={room} />
              ) : (
                <ListPanel room={room} of={shown.type} />
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
