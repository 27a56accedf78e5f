/** A list of the house that comes some at a time. */

import { useCallback, useEffect, useState } from "react";
import type { Outcome } from "../../actions/outcome";

/** The house sends at most so many at once; fewer are the last. */
const PAGE = 200;

export type Paged<R> = {
  /** Null until the first are here. */
  readonly rows: readonly R[] | null;
  readonly failed: string;
  /** Fetches the next ones; null when all are here. */
  readonly more: (() => void) | null;
  /** Fetches what is here anew. */
  again(): void;
};

type Row = { readonly id: number };

/** What is asked is a function of the module, so that it stays the same. */
export function usePaged<R extends Row>(ask: (place: number | null) => Promise<Outcome<readonly R[]>>): Paged<R> {
  const [rows, setRows] = useState<readonly R[] | null>(null);
  const [failed, setFailed] = useState("");
  const [isAll, setIsAll] = useState(true);

  const fetch = useCallback(
    async (before: readonly R[]) => {
      const outcome = await ask(before.at(-1)?.id ?? null);
      setFailed(outcome.ok ? "" : outcome.message);
      if (!outcome.ok) return;
      setRows([...before, ...outcome.value]);
      setIsAll(outcome.value.length < PAGE);
    },
    [ask],
  );
  const again = useCallback(() => void fetch([]), [fetch]);
  useEffect(again, [again]);
  return { rows, failed, more: isAll || rows === null ? null : () => void fetch(rows), again };
}
