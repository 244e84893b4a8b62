/** The fraction of a hash of ours to which work is made even: 1 / 64. */
const STEPS = 6;

/** The cost of the hash that measures the processor: an eighth of the work, which counts. */
export function measuringCost(cost: number): number {
  return Math.max(LEAST_COST, cost - 3);
}

const LEAST_COST = 4;

/**
 * The costs of the hashes that make the work of a comparison as much as one of ours takes.
 *
 * @param spent microseconds of the processor that the comparison took.
 * @param measured microseconds that one hash of `measuringCost(cost)` took, which is done already.
 */
export function paddingOf(
  cost: number,
  { spent, measured }: { readonly spent: number; readonly measured: number },
): readonly number[] {
  const unit = measured / 2 ** measuringCost(cost);
  let missing = unit * 2 ** cost - spent - measured;
  const padding: number[] = [];
  for (let step = cost - 1; step >= Math.max(LEAST_COST, cost - STEPS); step--) {
    if (unit * 2 ** step > missing) continue;
    padding.push(step);
    missing -= unit * 2 ** step;
  }
  return padding;
}
