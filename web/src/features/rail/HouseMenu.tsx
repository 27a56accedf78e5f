/** The house's name, and what can be done about the house by who is asked (UX 3.5 C). */

import type { ReactNode } from "react";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Menu, type MenuItem } from "../../ui/Menu";
import { strings } from "../../ui/strings";
import { useOverlays } from "../overlays/Overlays";

export function HouseMenu(): ReactNode {
  const { goTo, signOut } = useActions();
  const house = useStore((state) => state.house.name);
  const role = useStore((state) => state.you?.role);
  const open = useOverlays();
  const office: MenuItem[] = [
    { label: strings.invite, onChoose: () => open({ type: "invite" }) },
    { label: strings.people, onChoose: () => goTo({ type: "admin", page: "people" }) },
    { label: strings.houseSettings, onChoose: () => goTo({ type: "admin", page: null }) },
  ];
  const items: MenuItem[] = [
    ...(role === "owner" || role === "administrator" ? office : []),
    { label: strings.shortcuts, onChoose: () => open({ type: "shortcuts" }) },
    { label: strings.preferences, onChoose: () => goTo({ type: "me", page: null }) },
    { label: strings.signOut, onChoose: () => void signOut() },
  ];
  return (
    <div className="rail-house">
      <Menu label={strings.houseMenu(house)} className="rail-house-button" items={items}>
        <span className="rail-house-name">{house}</span>
        <span className="rail-house-sign" aria-hidden="true" />
      </Menu>
    </div>
  );
}
