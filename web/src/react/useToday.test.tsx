/** The day on the day lines, also after midnight. */

import { act, render } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { useToday } from "./useToday";

afterEach(() => {
  vi.useRealTimers();
});

function Day() {
  return <p>{new Date(useToday()).getDate()}</p>;
}

test("what depends on the day is drawn again at midnight, and again at the next one", () => {
  vi.useFakeTimers({ now: new Date(2026, 10, 24, 23, 59, 50) });
  const { container } = render(<Day />);
  expect(container.textContent).toBe("24");
  act(() => vi.advanceTimersByTime(11_000));
  expect(container.textContent).toBe("25");
  act(() => vi.advanceTimersByTime(24 * 3_600_000));
  expect(container.textContent).toBe("26");
});

test("a machine that slept over midnight shows the new day soon after", () => {
  vi.useFakeTimers({ now: new Date(2026, 10, 24, 12) });
  const { container } = render(<Day />);
  vi.setSystemTime(new Date(2026, 10, 25, 9));
  act(() => vi.advanceTimersByTime(31_000));
  expect(container.textContent).toBe("25");
});
