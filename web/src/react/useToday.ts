/** The local midnight before now, in a component that is rendered again when another day begins. */

import { useSyncExternalStore } from "react";
import { after, nowMs } from "../platform/clock";
import { dayOf } from "../store/rows";

/** A machine that slept over midnight is noticed this soon. */
const LOOK_MS = 30_000;

export function useToday(): number {
  return useSyncExternalStore(onMidnight, () => dayOf(nowMs()));
}

function onMidnight(call: () => void): () => void {
  let today = dayOf(nowMs());
  let stop = () => {};
  const wait = () => {
    // The next midnight is less than 26 h after the last one, whatever the clocks do on that night.
    const next = dayOf(today + 26 * 3_600_000);
    stop = after(Math.min(LOOK_MS, Math.max(50, next - nowMs())), () => {
      if (dayOf(nowMs()) !== today) {
        today = dayOf(nowMs());
        call();
      }
      wait();
    });
  };
  wait();
  return () => stop();
}
