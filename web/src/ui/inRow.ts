/** Nodes side by side that have no names: a tree of a message never changes, so that each stays where it is. */

import { createElement, Fragment, type ReactNode } from "react";

export function inRow<T>(of: readonly T[], draw: (one: T, at: number) => ReactNode): ReactNode {
  return createElement(Fragment, null, ...of.map(draw));
}
