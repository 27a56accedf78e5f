/** The whole window: the list, the room, and the keys that go between them (UX 3.2, 3.9). */

import { lazy, type ReactNode, useEffect, useSyncExternalStore } from "react";
import { isNarrow, isTouch, onNarrow } from "../platform/attention";
import { type InPanel, isPanelOpen, onPanel, panelNow, showPanel } from "../platform/location";
import type { RoomId } from "../protocol";
import { useApp } from "../react/AppContext";
import { useActions } from "../react/useActions";
import { usePlace } from "../react/usePlace";
import { useStore } from "../react/useStore";
import { roomsInOrder } from "../store/selectors";
import { Boundary } from "../ui/Boundary";
import { Dialog } from "../ui/Dialog";
import { Later } from "../ui/Later";
import { Resizer } from "../ui/Resizer";
import { strings } from "../ui/strings";
import { OtherScreen } from "./OtherScreen";
import { Cards } from "./people/Cards";
import { Rail } from "./rail/Rail";
import { Panel } from "./room/Panel";
import { RoomView } from "./room/RoomView";
import { BrowseRooms } from "./rooms/BrowseRooms";
import { useSearchKeys } from "./search/useSearchKeys";
import { SignIn, Ways } from "./sign-in/SignIn";
import "../ui/tokens.css";
import "./AppFrame.css";

const Admin = lazy(async () => ({ default: (await import("./admin/Admin")).Admin }));
const Me = lazy(async () => ({ default: (await import("./me/Me")).Me }));
const LinkPage = lazy(async () => ({ default: (await import("./links/LinkPage")).LinkPage }));

export function AppFrame(): ReactNode {
  const you = useStore((state) => state.you);
  const signedOut = useStore((state) => state.connection.type === "signed_out");
  const place = usePlace();
  if (place.type === "link") {
    return (
      <Later>
        <LinkPage link={place} />
      </Later>
    );
  }
  if (you === null) return <SignIn />;
  return (
    <>
      {place.type === "me" ? (
        <Later>
          <Me page={place.page} />
        </Later>
      ) : place.type === "admin" ? (
        <Later>
          <Admin page={place.page} />
        </Later>
      ) : (
        <Inside />
      )}
      {signedOut && (
        <Dialog title={strings.signedOut}>
          <Ways />
        </Dialog>
      )}
    </>
  );
}

function Inside(): ReactNode {
  const { enterRoom, browse, home } = useActions();
  const current = useStore((state) => state.current);
  const narrow = useSyncExternalStore(onNarrow, isNarrow);
  const browsing = useStore((state) => state.browsing);
  const screen = useStore((state) => state.screen);
  const asked = useSyncExternalStore(onPanel, panelNow);
  // What is looked for may be anywhere; a room's details need a room.
  const panel = current !== null || asked?.type === "search" ? asked : null;
  useKeys();
  useSearchKeys();
  // A window made wide has room for more than the list.
  useEffect(() => {
    if (!narrow && current === null && !browsing && screen === null) home();
  }, [narrow, current, browsing, screen, home]);

  const back = () => enterRoom(null);
  function enter(room: RoomId): void {
    // Whoever goes where they are already wants to write there.
    if (room === current && !isTouch()) document.getElementById("box")?.focus();
    enterRoom(room);
  }

  const showsRail = !narrow || (current === null && !browsing && screen === null && panel === null);
  return (
    <Cards>
      <div className={panel === null ? "frame" : "frame with-panel"}>
        <SkipLinks />
        {showsRail && (
          <Boundary words={strings.partBroken}>
            <Rail browsing={browsing} onBrowse={browse} onEnter={enter} />
          </Boundary>
        )}
        <Boundary words={strings.partBroken}>
          {current !== null && !browsing ? (
            <RoomView key={current} room={current} panel={panel} narrow={narrow} onPanel={showDetails} onBack={back} />
          ) : screen !== null ? (
            <OtherScreen screen={screen} onBack={back} />
          ) : browsing ? (
            <BrowseRooms onEnter={enterRoom} onBack={back} />
          ) : (
            !narrow && <main className="room" />
          )}
        </Boundary>
        {panel !== null && <Panel room={browsing ? null : current} of={panel} onClose={() => showPanel(null)} />}
        {showsRail && !narrow && <Resizer column="rail" label={strings.railWidth} />}
        {panel !== null && !narrow && <Resizer column="panel" label={strings.panelWidth} />}
      </div>
    </Cards>
  );
}

const DETAILS: InPanel = { type: "details" };

function showDetails(open: boolean): void {
  showPanel(open ? DETAILS : null);
}

function SkipLinks(): ReactNode {
  const focus = (selector: string) => () => document.querySelector<HTMLElement>(selector)?.focus();
  return (
    <div className="skip-links">
      <button type="button" onClick={focus("#box")}>
        {strings.skipToBox}
      </button>
      <button type="button" onClick={focus('#messages [tabindex="0"]')}>
        {strings.messages}
      </button>
      <button type="button" onClick={focus("#rooms a")}>
        {strings.skipToRooms}
      </button>
    </div>
  );
}

const REGIONS = ["#rooms a", '#messages [tabindex="0"]', "#box", ".panel button"];

/** Keys that work wherever the focus is. What the box holds belongs to the box (C10, C40). */
function useKeys(): void {
  const { store, actions } = useApp();
  useEffect(() => {
    function step(by: 1 | -1, unreadOnly: boolean): void {
      const state = store.get();
      const rooms = roomsInOrder(state);
      const at = rooms.findIndex((room) => room.state.room.id === state.current);
      for (let n = 1; n <= rooms.length; n += 1) {
        const room = rooms[(at + by * n + rooms.length * (n + 1)) % rooms.length];
        if (room !== undefined && (!unreadOnly || room.state.unread > 0)) {
          actions.enterRoom(room.state.room.id);
          return;
        }
      }
    }
    function region(by: 1 | -1): void {
      const found = REGIONS.map((selector) => document.querySelector<HTMLElement>(selector)).filter(
        (element) => element !== null,
      );
      const areas = found.map((element) => element.closest("nav, section, form, aside") ?? element);
      const at = areas.findIndex((area) => area.contains(document.activeElement));
      found[(at + by + found.length) % found.length]?.focus();
    }
    function onKey(event: KeyboardEvent): void {
      const box =
        event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement ? event.target : null;
      const holdsText = box !== null && box.value !== "";
      if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        if (holdsText) return;
        step(event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
      } else if (event.key === "." && (event.ctrlKey || event.metaKey)) {
        showDetails(!isPanelOpen() && store.get().current !== null);
      } else if (event.key === "," && (event.ctrlKey || event.metaKey)) {
        actions.goTo({ type: "me", page: null });
      } else if (event.key === "F6") {
        region(event.shiftKey ? -1 : 1);
      } else if (event.key === "Escape" && event.shiftKey) {
        actions.markAllRead();
      } else {
        return;
      }
      event.preventDefault();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [store, actions]);
}
