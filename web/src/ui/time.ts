/** Moments in the reader's own words and zone (UX 3.7.2). */

import { readPreference } from "../platform/preferences";
import { dayOf } from "../store/rows";
import { strings } from "./strings";

const short = { hour: "2-digit", minute: "2-digit" } as const;
const clocks = {
  h24: new Intl.DateTimeFormat(undefined, { ...short, hourCycle: "h23" }),
  h12: new Intl.DateTimeFormat(undefined, { ...short, hour: "numeric", hourCycle: "h12" }),
  system: new Intl.DateTimeFormat(undefined, short),
};
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const DAY_MS = 86_400_000;

/** `14:02`, or as its reader has chosen. */
export function clockText(atMs: number): string {
  return clocks[readPreference("clock")].format(atMs);
}

/** The full date, time and zone. */
export function wholeText(atMs: number): string {
  return whole.format(atMs);
}

/** `3 November 2025`. */
export function dateText(atMs: number): string {
  return date.format(atMs);
}

/** `14:02` of today, "Yesterday 14:02", `3 November 2025`. */
export function momentText(atMs: number, nowMs: number): string {
  const day = dayOf(atMs);
  if (day === dayOf(nowMs)) return clockText(atMs);
  return dayText(day, nowMs) === strings.yesterday ? `${strings.yesterday} ${clockText(atMs)}` : dateText(atMs);
}

/** A moment to come: `14:02` of today, else `3 November 2025`. */
export function deadlineText(atMs: number, nowMs: number): string {
  return dayOf(atMs) === dayOf(nowMs) ? clockText(atMs) : dateText(atMs);
}

/** "Today", "Yesterday", "Tuesday 4 November", with the year when it is not this one. */
export function dayText(dayMs: number, nowMs: number): string {
  const today = dayOf(nowMs);
  if (dayMs === today) return strings.today;
  // Half a day more than a day, so that a night with a changed clock is still one night.
  if (today - dayMs < DAY_MS * 1.5 && dayMs < today) return strings.yesterday;
  const sameYear = new Date(dayMs).getFullYear() === new Date(nowMs).getFullYear();
  // Put together here, since browsers do not agree on the comma.
  return `${weekday.format(dayMs)} ${sameYear ? dayOfYear.format(dayMs) : date.format(dayMs)}`;
}
