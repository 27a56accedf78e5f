/** Whether somebody is here: a full disc or a ring, and the word for who does not see it. */

import type { ReactNode } from "react";
import { strings } from "./strings";

/** With `quiet` the word stands elsewhere already. */
export function Presence({ here, quiet = false }: { here: boolean; quiet?: boolean }): ReactNode {
  const className = here ? "presence on" : "presence";
  if (quiet) return <span className={className} aria-hidden="true" />;
  return <span className={className} role="img" aria-label={here ? strings.online : strings.away} />;
}
