/** How moments are named. */

import { expect, test } from "vitest";
import { dayOf } from "../store/rows";
import { dayText } from "./time";

test("a day is named as people name it: today, yesterday, its date, and its year only when it is another", () => {
  const now = new Date(2026, 10, 24, 15).getTime();
  const day = (year: number, month: number, date: number) => dayText(new Date(year, month, date).getTime(), now);
  expect(day(2026, 10, 24)).toBe("Today");
  expect(day(2026, 10, 23)).toBe("Yesterday");
  expect(day(2026, 10, 22)).toBe("Sunday 22 November");
  expect(day(2025, 10, 4)).toBe("Tuesday 4 November 2025");
  expect(dayText(dayOf(now), now + 12 * 3_600_000)).toBe("Yesterday");
});
