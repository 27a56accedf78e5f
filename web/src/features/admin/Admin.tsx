/** The pages of those who look after the house (UX 3.5 M). */

import type { ReactNode } from "react";
import { useStore } from "../../react/useStore";
import { admin } from "../../ui/strings/admin";
import { type Page, Pages } from "../pages/Pages";
import { Acts } from "./Acts";
import { HousePage } from "./HousePage";
import { Invitations } from "./Invitations";
import { Knocks } from "./Knocks";
import { Overview } from "./Overview";
import { People } from "./People";
import { Reports } from "./Reports";
import { Rooms } from "./Rooms";
import "./admin.css";

const PAGES: readonly Page[] = [
  { key: "overview", label: admin.pages.overview, content: () => <Overview /> },
  { key: "people", label: admin.pages.people, content: () => <People /> },
  { key: "knocks", label: admin.pages.knocks, content: () => <Knocks /> },
  { key: "invitations", label: admin.pages.invitations, content: () => <Invitations /> },
  { key: "rooms", label: admin.pages.rooms, content: () => <Rooms /> },
  { key: "reports", label: admin.pages.reports, content: () => <Reports /> },
  { key: "house", label: admin.pages.house, content: () => <HousePage /> },
  { key: "acts", label: admin.pages.acts, content: () => <Acts /> },
];
const NOT_YOURS: readonly Page[] = [{ key: "overview", label: admin.title, content: () => <p>{admin.notYours}</p> }];

export function Admin({ page }: { page: string | null }): ReactNode {
  const role = useStore((state) => state.you?.role);
  if (role !== "owner" && role !== "administrator") {
    return <Pages set="admin" title={admin.title} pages={NOT_YOURS} open="overview" />;
  }
  // The house's name and door are the owners' to change.
  const pages = role === "owner" ? PAGES : PAGES.filter(({ key }) => key !== "house");
  return <Pages set="admin" title={admin.title} pages={pages} open={page} />;
}
