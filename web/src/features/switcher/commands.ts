/** What can be done from the switcher under `>`: what has a key or a place in a menu somewhere. */

import { togglePanel } from "../../platform/location";
import { setPreference, type Theme } from "../../platform/preferences";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInHouse } from "../../store/access";
import { keysText } from "../../ui/keys";
import { strings } from "../../ui/strings";
import { switcher } from "../../ui/strings/switcher";
import { useOverlays } from "../overlays/Overlays";
import { openSearch } from "../search/useSearchKeys";

export type Command = { readonly label: string; readonly keys: string; readonly run: () => void };

export function useCommands(): readonly Command[] {
  const { goTo, browse, showPage, showUnread, markAllRead, markRead, signOut } = useActions();
  const open = useOverlays();
  const role = useStore((state) => state.you?.role);
  const current = useStore((state) => state.current);
  const theme = (value: Theme, name: string): Command => ({
    label: `${strings.theme}: ${name}`,
    keys: "",
    run: () => void setPreference("theme", value),
  });
  const inRoom: Command[] =
    current === null
      ? []
      : [
          { label: strings.markRead, keys: "", run: () => markRead(current) },
          { label: strings.jumpToDate, keys: "", run: () => open({ type: "date", room: current }) },
          { label: strings.pinned, keys: "", run: () => togglePanel({ type: "pins" }) },
          { label: strings.whyUnread, keys: "", run: () => showUnread(current) },
          { label: strings.details, keys: keysText("Ctrl+."), run: () => togglePanel({ type: "details" }) },
        ];
  const office: Command[] = mayInHouse("Invite", role)
    ? [
        { label: strings.invite, keys: "", run: () => open({ type: "invite" }) },
        { label: strings.houseSettings, keys: "", run: () => goTo({ type: "admin", page: null }) },
      ]
    : [];
  return [
    { label: strings.searchMessages, keys: keysText("Ctrl+Shift+F"), run: () => openSearch(true) },
    ...inRoom,
    { label: switcher.markAllRead, keys: keysText("Shift+Esc"), run: markAllRead },
    theme("light", strings.themeLight),
    theme("dark", strings.themeDark),
    theme("system", strings.themeSystem),
    { label: strings.shortcuts, keys: keysText("Ctrl+/"), run: () => open({ type: "shortcuts" }) },
    { label: strings.preferences, keys: keysText("Ctrl+,"), run: () => goTo({ type: "me", page: null }) },
    { label: strings.catchUp, keys: keysText("Ctrl+Shift+M"), run: () => showPage("catch_up") },
    { label: strings.threads, keys: "", run: () => showPage("threads") },
    { label: strings.savedMessages, keys: "", run: () => showPage("saved") },
    ...(mayInHouse("ListRooms", role) ? [{ label: strings.browse, keys: "", run: browse }] : []),
    ...(mayInHouse("OpenDirect", role) ? [{ label: strings.allPeople, keys: "", run: () => showPage("people") }] : []),
    ...(mayInHouse("CreateRoom", role)
      ? [{ label: strings.newRoom, keys: "", run: () => open({ type: "new_room", name: "" }) }]
      : []),
    ...office,
    { label: strings.signOut, keys: "", run: () => void signOut() },
  ];
}
