/** The files of a box that are not sent. */

import { useStore } from "../../react/useStore";
import type { BoxId, TrayFile } from "../../store/state";

const NONE: readonly TrayFile[] = [];

export function useTray(box: BoxId): readonly TrayFile[] {
  return useStore((state) => state.trays.get(box) ?? NONE);
}
