/** The whole window: the list, the room, and what lies over them (UX 3.2). */

import { lazy, type ReactNode, Suspense, useEffect, useSyncExternalStore } from "react";
import { isNarrow, isTouch, onNarrow } from "../platform/attention";
import { type InPanel, onPanel, panelNow, showPanel } from "../platform/location";
import type { RoomId } from "../protocol";
import { useActions } from "../react/useActions";
import { usePlace } from "../react/usePlace";
import { useStore } from "../react/useStore";
import { Boundary } from "../ui/Boundary";
import { Dialog } from "../ui/Dialog";
import { Later } from "../ui/Later";
import { Resizer } from "../ui/Resizer";
import { strings } from "../ui/strings";
import { Keys } from "./Keys";
import { OtherScreen } from "./OtherScreen";
import { Overlays } from "./overlays/Overlays";
import { Cards } from "./people/Cards";
import { Rail } from "./rail/Rail";
import { Panel } from "./room/Panel";
import { RoomView } from "./room/RoomView";
import { useSearchKeys } from "./search/useSearchKeys";
import "../ui/tokens.css";
import "./AppFrame.css";

const Admin = lazy(async () => ({ default: (await import("./admin/Admin")).Admin }));
const BrowseRooms = lazy(async () => ({ default: (await import("./rooms/BrowseRooms")).BrowseRooms }));
// Whoever is inside already needs neither: what they read first is on screen sooner.
const SignIn = lazy(async () => ({ default: (await import("./sign-in/SignIn")).SignIn }));
const Ways = lazy(async () => ({ default: (await import("./sign-in/SignIn")).Ways }));
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
  if (you === null) {
    return (
      <Later>
        <SignIn />
      </Later>
    );
  }
  return (
    <Overlays>
      <Keys />
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
          <Later>
            <Ways />
          </Later>
        </Dialog>
      )}
    </Overlays>
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
            <Suspense fallback={<main className="room" />}>
              <BrowseRooms onEnter={enterRoom} onBack={back} />
            </Suspense>
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
