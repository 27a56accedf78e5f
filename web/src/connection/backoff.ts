/** When to try again: 0.5 s doubling to 20 s, with full jitter, so that a crowd comes back spread out. */

const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/** The wait before attempt `attempt` (0 is the first retry). `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling * (0.1 + 0.9 * random));
}
