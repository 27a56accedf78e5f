/** The verbs, for components. */

import type { Actions } from "../actions/types";
import { useApp } from "./AppContext";

export function useActions(): Actions {
  return useApp().actions;
}
