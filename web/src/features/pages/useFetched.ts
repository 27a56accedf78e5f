/** Something fetched when a page is shown, and again when it is asked for. */

import { useCallback, useEffect, useState } from "react";
import type { Outcome } from "../../actions/outcome";

export type Fetched<T> = {
  /** Null until it is here; the last good one stays while it is fetched again. */
  readonly value: T | null;
  readonly failed: string;
  again(): void;
};

export function useFetched<T>(ask: () => Promise<Outcome<T>>): Fetched<T> {
  const [value, setValue] = useState<T | null>(null);
  const [failed, setFailed] = useState("");
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked stays the same; asked again when somebody says so
  useEffect(() => {
    let here = true;
    void ask().then((outcome) => {
      if (!here) return;
      setFailed(outcome.ok ? "" : outcome.message);
      if (outcome.ok) setValue(outcome.value);
    });
    return () => {
      here = false;
    };
  }, [asked]);
  const again = useCallback(() => setAsked((times) => times + 1), []);
  return { value, failed, again };
}
