/** What members showed to those who look after the house, until it is settled (ADM-5, MOD-1). */

import { type ReactNode, useState } from "react";
import { listReports, settleReport } from "../../actions/admin";
import { nowMs } from "../../platform/clock";
import type { OpenReport } from "../../protocol";
import { useStore } from "../../react/useStore";
import { admin } from "../../ui/strings/admin";
import { momentText } from "../../ui/time";
import { Waiting } from "../pages/Waiting";
import { Act } from "./Act";
import { Table } from "./Table";
import { usePaged } from "./usePaged";

export function Reports(): ReactNode {
  const reports = usePaged(listReports);
  const rooms = useStore((state) => state.rooms);
  const [about, open] = useState<OpenReport | null>(null);
  if (reports.rows === null) return <Waiting of={{ ...reports, value: null }} />;
  const where = ({ room }: OpenReport) => rooms.get(room)?.state.room.name ?? admin.someRoom(room);
  return (
    <>
      <Table
        label={admin.pages.reports}
        rows={reports.rows}
        keyOf={({ id }) => id}
        columns={[
          { label: admin.said, cell: ({ text }) => <span className="report-text">{text}</span> },
          { label: admin.author, cell: ({ author }) => <bdi>{author.name}</bdi>, by: ({ author }) => author.name },
          { label: admin.where, cell: where, by: where },
          { label: admin.reportedBy, cell: ({ by }) => <bdi>{by.name}</bdi>, by: ({ by }) => by.name },
          { label: admin.reportNote, cell: ({ note }) => note },
          { label: admin.when, cell: ({ at }) => momentText(at, nowMs()), by: ({ at }) => at },
        ]}
        detail={(report) =>
          [report.author.name, where(report), `${admin.reportedBy} ${report.by.name}`, report.note]
            .filter((part) => part !== "")
            .join(" · ")
        }
        actions={(report) => (
          <button
            type="button"
            className="button quiet"
            aria-label={admin.settleWhat(report.author.name)}
            onClick={() => open(report)}
          >
            {admin.settle}
          </button>
        )}
        empty={admin.noReports}
        onMore={reports.more}
      />
      {about !== null && (
        <Act
          title={admin.settleTitle}
          how={admin.settleHow}
          button={admin.settle}
          onAct={(note) => settleReport(about.id, note)}
          onDone={reports.again}
          onClose={() => open(null)}
        />
      )}
    </>
  );
}
