/** What lies over the whole page: one at a time, opened from anywhere by key, menu or button; its code comes when it is needed. */

import { createContext, lazy, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import type { Room, RoomId } from "../../protocol";
import type { Mark } from "../../store/state";
import { Later } from "../../ui/Later";
import { Typed } from "./Typed";

const Switcher = lazy(async () => ({ default: (await import("../switcher/Switcher")).Switcher }));
const Shortcuts = lazy(async () => ({ default: (await import("../shortcuts/Shortcuts")).Shortcuts }));
const NewRoom = lazy(async () => ({ default: (await import("../rooms/RoomForm")).NewRoom }));
const RenameRoom = lazy(async () => ({ default: (await import("../rooms/RoomForm")).RenameRoom }));
const LeaveRoom = lazy(async () => ({ default: (await import("../rooms/LeaveRoom")).LeaveRoom }));
const EditHistory = lazy(() => import("../room/EditHistory"));
const JumpToDate = lazy(() => import("../room/JumpToDate"));
const InviteDialog = lazy(async () => ({ default: (await import("../invite/InviteDialog")).InviteDialog }));

export type Overlay =
  | { readonly type: "switcher" }
  | { readonly type: "shortcuts" }
  | { readonly type: "invite" }
  | { readonly type: "edits"; readonly at: Mark }
  | { readonly type: "date"; readonly room: RoomId }
  | { readonly type: "rename" | "leave"; readonly room: Room }
  | { readonly type: "new_room"; readonly name: string };

const Context = createContext<(overlay: Overlay) => void>(() => undefined);

/** Opens one, in the place of what lies there. */
export function useOverlays(): (overlay: Overlay) => void {
  return useContext(Context);
}

export function Overlays({ children }: { children: ReactNode }): ReactNode {
  // Each opening is another, as with cards: one that is closing takes nothing away from the next.
  const [opened, setOpened] = useState<{ readonly key: number; readonly overlay: Overlay | null }>({
    key: 0,
    overlay: null,
  });
  const typed = useRef("");
  const open = useCallback((overlay: Overlay) => {
    typed.current = "";
    setOpened(({ key }) => ({ key: key + 1, overlay }));
  }, []);
  const { key, overlay } = opened;
  const close = () => setOpened((now) => (now.key === key ? { key, overlay: null } : now));
  return (
    <Context value={open}>
      {children}
      {overlay !== null && (
        <Later key={key} meanwhile={overlay.type === "switcher" && <Typed into={typed} onClose={close} />}>
          {overlay.type === "switcher" && <Switcher typed={typed} onClose={close} />}
          {overlay.type === "shortcuts" && <Shortcuts onClose={close} />}
          {overlay.type === "invite" && <InviteDialog onClose={close} />}
          {overlay.type === "edits" && <EditHistory at={overlay.at} onClose={close} />}
          {overlay.type === "date" && <JumpToDate room={overlay.room} onClose={close} />}
          {overlay.type === "rename" && <RenameRoom room={overlay.room} onClose={close} />}
          {overlay.type === "leave" && <LeaveRoom room={overlay.room} onClose={close} />}
          {overlay.type === "new_room" && <NewRoom name={overlay.name} onClose={close} />}
        </Later>
      )}
    </Context>
  );
}
