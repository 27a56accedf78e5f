/** A table of the house: sorted by any column, all by keyboard; where there is little room, one column and a line below it. */

import { type ReactNode, useState } from "react";
import { admin } from "../../ui/strings/admin";
import "./Table.css";

export type Column<R> = {
  readonly label: string;
  readonly cell: (row: R) => ReactNode;
  /** What the column is sorted by; without it, it is not. */
  readonly by?: (row: R) => string | number;
};

type Props<R> = {
  readonly label: string;
  readonly rows: readonly R[];
  readonly keyOf: (row: R) => number;
  /** The first one names the row. */
  readonly columns: readonly Column<R>[];
  /** The other columns in one line, for narrow screens. */
  readonly detail: (row: R) => ReactNode;
  readonly actions?: (row: R) => ReactNode;
  readonly empty: string;
  /** Fetches more; null when all is here. */
  readonly onMore: (() => void) | null;
};

type Order = { readonly column: number; readonly down: boolean };

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

export function Table<R>({ label, rows, keyOf, columns, detail, actions, empty, onMore }: Props<R>): ReactNode {
  const [order, setOrder] = useState<Order | null>(null);
  if (rows.length === 0) return <p className="table-empty">{empty}</p>;
  const by = order === null ? undefined : columns[order.column]?.by;
  const sorted = by === undefined ? rows : rows.toSorted((a, b) => compare(by(a), by(b)) * (order?.down ? -1 : 1));
  const turn = (column: number) => setOrder({ column, down: order?.column === column && !order.down });
  return (
    <>
      <table className="table">
        <caption className="hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th
                key={column.label}
                scope="col"
                className={at === 0 ? undefined : "table-wide"}
                aria-sort={order?.column === at ? (order.down ? "descending" : "ascending") : undefined}
              >
                {column.by === undefined ? (
                  column.label
                ) : (
                  <button type="button" onClick={() => turn(at)}>
                    {column.label}
                    <span className="table-order" aria-hidden="true">
                      {order?.column === at ? (order.down ? "↓" : "↑") : ""}
                    </span>
                  </button>
                )}
              </th>
            ))}
            {actions !== undefined && (
              <td>
                <span className="hidden">{admin.what}</span>
              </td>
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.label} scope="row">
                    {column.cell(row)}
                    <span className="table-detail">{detail(row)}</span>
                  </th>
                ) : (
                  <td key={column.label} className="table-wide">
                    {column.cell(row)}
                  </td>
                ),
              )}
              {actions !== undefined && <td className="table-actions">{actions(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {onMore !== null && (
        <button type="button" className="button quiet" onClick={onMore}>
          {admin.more}
        </button>
      )}
    </>
  );
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}
