/** The few sums that the documents rest on. */

/** The middle; of an even number, the mean of the two middle ones. Undefined for none. */
export function median(numbers) {
  return quantile(numbers, 0.5);
}

/** The number below which this share lies, between neighbours in proportion. Undefined for none. */
export function quantile(numbers, share) {
  if (numbers.length === 0) return undefined;
  const sorted = [...numbers].sort((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}

/**
 * The median of the ratios of each round. A machine is slower in one round than in another, for both: their ratio in the
 * same round is the steadier figure. Rounds that only one of them has are left out.
 */
export function medianRatio(byRound, otherByRound) {
  const ratios = [];
  for (const [round, value] of byRound) {
    const other = otherByRound.get(round);
    if (value !== undefined && other !== undefined && other !== 0) ratios.push(value / other);
  }
  return median(ratios);
}
