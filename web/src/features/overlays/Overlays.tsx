/** What lies over the whole page: one at a time, opened from anywhere by key, menu or button; its code comes when it is needed. */

import { createContext, lazy, type ReactNode, useCallback, useContext, useState } from "react";
import type { RoomId } from "../../protocol";
import { Later } from "../../ui/Later";
import { NewRoom } from "../rooms/RoomForm";

const Switcher = lazy(async () => ({ default: (await import("../switcher/Switcher")).Switcher }));
const Shortcuts = lazy(async () => ({ default: (await import("../shortcuts/Shortcuts")).Shortcuts }));
const JumpToDate = lazy(() => import("../room/JumpToDate"));
const InviteDialog = lazy(async () => ({ default: (await import("../invite/InviteDialog")).InviteDialog }));

export type Overlay =
  | { readonly type: "switcher" }
  | { readonly type: "shortcuts" }
  | { readonly type: "invite" }
  | { readonly type: "date"; readonly room: RoomId }
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
  const open = useCallback((overlay: Overlay) => setOpened(({ key }) => ({ key: key + 1, overlay })), []);
  const { key, overlay } = opened;
  const close = () => setOpened((now) => (now.key === key ? { key, overlay: null } : now));
  return (
    <Context value={open}>
      {children}
      {overlay !== null && (
        <Later key={key}>
          {overlay.type === "switcher" && <Switcher onClose={close} />}
          {overlay.type === "shortcuts" && <Shortcuts onClose={close} />}
          {overlay.type === "invite" && <InviteDialog onClose={close} />}
          {overlay.type === "date" && <JumpToDate room={overlay.room} onClose={close} />}
          {overlay.type === "new_room" && <NewRoom name={overlay.name} onClose={close} />}
        </Later>
      )}
    </Context>
  );
}
