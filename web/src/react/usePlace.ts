/** Where the address says we are. */

import { useMemo, useSyncExternalStore } from "react";
import { herePath, onHere, type Place, parsePlace } from "../platform/location";

export function usePlace(): Place {
  const path = useSyncExternalStore(onHere, herePath);
  return useMemo(() => parsePlace(path), [path]);
}
