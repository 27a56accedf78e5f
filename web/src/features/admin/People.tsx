/** Everyone of the house: their role, whether they are let in, and what may be done about it (ADM-2, ADM-3, LINK-5, ADM-7). */

import { type ReactNode, useState } from "react";
import { liftSuspension, listPeople, signOutEverywhere, suspend } from "../../actions/admin";
import { nowMs } from "../../platform/clock";
import type { AdminPerson, Role, User } from "../../protocol";
import { useStore } from "../../react/useStore";
import { Icon } from "../../ui/Icon";
import { Menu, type MenuItem } from "../../ui/Menu";
import { admin } from "../../ui/strings/admin";
import { roleWords } from "../../ui/strings/invitations";
import { momentText } from "../../ui/time";
import { Waiting } from "../pages/Waiting";
import { Act } from "./Act";
import { ResetLink } from "./ResetLink";
import { RoleDialog } from "./RoleDialog";
import { Table } from "./Table";
import { usePaged } from "./usePaged";

type Doing = { readonly what: "role" | "suspend" | "restore" | "sign-out" | "reset"; readonly whom: AdminPerson };

const RANK: Readonly<Record<Role, number>> = { owner: 0, administrator: 1, member: 2, guest: 3, bot: 4 };

export function People(): ReactNode {
  const people = usePaged(listPeople);
  const [doing, begin] = useState<Doing | null>(null);
  const you = useStore((state) => state.you);
  if (people.rows === null || you === null) return <Waiting of={{ ...people, value: null }} />;
  const state = (person: AdminPerson) =>
    person.suspended_at === undefined ? "" : admin.suspendedSince(momentText(person.suspended_at, nowMs()));

  return (
    <>
      <Table
        label={admin.pages.people}
        rows={people.rows}
        keyOf={({ id }) => id}
        columns={[
          {
            label: admin.name,
            cell: ({ id, name }) => (
              <>
                <bdi>{name}</bdi>
                {id === you.id && <span className="table-muted"> ({admin.you})</span>}
              </>
            ),
            by: ({ name }) => name,
          },
          {
            label: admin.handle,
            cell: ({ handle }) => handle ?? <span className="table-muted">{admin.noHandle}</span>,
            by: ({ handle }) => handle ?? "",
          },
          { label: admin.role, cell: ({ role }) => roleWords[role], by: ({ role }) => RANK[role] },
          { label: admin.since, cell: ({ since }) => momentText(since, nowMs()), by: ({ since }) => since },
          {
            label: admin.state,
            cell: (person) => <span className="table-bad">{state(person)}</span>,
            by: ({ suspended_at }) => suspended_at ?? 0,
          },
        ]}
        detail={(person) =>
          [person.handle ?? admin.noHandle, roleWords[person.role], state(person)]
            .filter((part) => part !== "")
            .join(" · ")
        }
        actions={(person) => {
          const items = whatMayBeDone(person, you, (what) => begin({ what, whom: person }));
          if (items.length === 0) return null;
          return (
            <Menu label={admin.moreAbout(person.name)} items={items}>
              <Icon name="more" />
            </Menu>
          );
        }}
        empty={admin.nobody}
        onMore={people.more}
      />
      {doing !== null && <Doings {...doing} onDone={people.again} onClose={() => begin(null)} />}
    </>
  );
}

/** What the table of permissions leaves to somebody of this role; the house asks it again. */
function whatMayBeDone(person: AdminPerson, you: User, begin: (what: Doing["what"]) => void): MenuItem[] {
  const high = person.role === "owner" || person.role === "administrator";
  if (high && you.role !== "owner") return [];
  const items: MenuItem[] = [{ label: admin.changeRole, onChoose: () => begin("role") }];
  if (person.handle !== undefined) items.push({ label: admin.resetLink, onChoose: () => begin("reset") });
  // One ends one's own sessions and does not lock oneself out.
  if (person.id === you.id) return items;
  items.push({ label: admin.signOut, onChoose: () => begin("sign-out") });
  const suspended = person.suspended_at !== undefined;
  items.push({
    label: suspended ? admin.restore : admin.suspend,
    onChoose: () => begin(suspended ? "restore" : "suspend"),
  });
  return items;
}

type DoingsProps = Doing & { readonly onDone: () => void; readonly onClose: () => void };

function Doings({ what, whom, ...ends }: DoingsProps): ReactNode {
  switch (what) {
    case "role":
      return <RoleDialog whom={whom} {...ends} />;
    case "reset":
      return <ResetLink whom={whom} onClose={ends.onClose} />;
    case "suspend":
      return (
        <Act
          title={admin.suspendTitle(whom.name)}
          how={admin.suspendHow}
          button={admin.suspend}
          danger
          onAct={(note) => suspend(whom.id, note)}
          {...ends}
        />
      );
    case "restore":
      return (
        <Act
          title={admin.restoreTitle(whom.name)}
          how={admin.restoreHow}
          button={admin.restore}
          onAct={(note) => liftSuspension(whom.id, note)}
          {...ends}
        />
      );
    case "sign-out":
      return (
        <Act
          title={admin.signOutTitle(whom.name)}
          how={admin.signOutHow}
          button={admin.signOut}
          danger
          onAct={(note) => signOutEverywhere(whom.id, note)}
          {...ends}
        />
      );
  }
}
