/** The house at a glance: what it is, and what waits for somebody. */

import type { ReactNode } from "react";
import { listInvitations, listKnocks, listReports, lookAtHouse } from "../../actions/admin";
import { type Outcome, outcome } from "../../actions/outcome";
import { nowMs } from "../../platform/clock";
import { useApp } from "../../react/AppContext";
import { useStore } from "../../react/useStore";
import { admin } from "../../ui/strings/admin";
import { PageLink } from "../pages/Pages";
import { useFetched } from "../pages/useFetched";
import { Waiting } from "../pages/Waiting";
import { inviteState } from "./inviteState";

type Glance = {
  readonly version: string;
  readonly knocks: number;
  readonly reports: number;
  readonly invitations: number;
};

export function Overview(): ReactNode {
  const { store } = useApp();
  const house = useStore((state) => state.house);
  const glance = useFetched(() => look(() => lookAtHouse(store)));
  const { value } = glance;
  return (
    <>
      <dl className="facts">
        <dt>{admin.houseName}</dt>
        <dd>{house.name}</dd>
        <dt>{admin.door}</dt>
        <dd>{admin.doors[house.door]}</dd>
        <dt>{admin.peopleCount}</dt>
        <dd>
          <PageLink place={{ type: "admin", page: "people" }}>{house.people.toLocaleString("en")}</PageLink>
        </dd>
        <dt>{admin.hereNow}</dt>
        <dd>{house.here.toLocaleString("en")}</dd>
        {value !== null && (
          <>
            <dt>{admin.waiting}</dt>
            <dd>
              <PageLink place={{ type: "admin", page: "knocks" }}>{admin.manyOf(value.knocks)}</PageLink>
            </dd>
            <dt>{admin.openReports}</dt>
            <dd>
              <PageLink place={{ type: "admin", page: "reports" }}>{admin.manyOf(value.reports)}</PageLink>
            </dd>
            <dt>{admin.openInvitations}</dt>
            <dd>
              <PageLink place={{ type: "admin", page: "invitations" }}>{admin.manyOf(value.invitations)}</PageLink>
            </dd>
            <dt>{admin.version}</dt>
            <dd>{value.version}</dd>
          </>
        )}
      </dl>
      <Waiting of={glance} />
    </>
  );
}

async function look(lookAt: () => Promise<Outcome<string>>): Promise<Outcome<Glance>> {
  const asked = await Promise.all([lookAt(), listKnocks(null), listReports(null), listInvitations(null)]);
  const [version, knocks, reports, invitations] = asked;
  if (!version.ok) return version;
  if (!knocks.ok) return knocks;
  if (!reports.ok) return reports;
  if (!invitations.ok) return invitations;
  const holding = invitations.value.filter((invitation) => inviteState(invitation, nowMs()) === "holds");
  const counts = { knocks: knocks.value.length, reports: reports.value.length, invitations: holding.length };
  return outcome({ ok: true, value: { version: version.value, ...counts } });
}
