/** What somebody chose, in a component that is drawn again when they choose something else. */

import { useSyncExternalStore } from "react";
import { onPreference, type Preference, readPreference, type ValueOf } from "../platform/preferences";

export function usePreference<P extends Preference>(what: P): ValueOf<P> {
  return useSyncExternalStore(onPreference, () => readPreference(what));
}
