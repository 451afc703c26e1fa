// A distance after a random projection to k dimensions, over the distance before: k times its square is
// chi-square with k degrees of freedom. `kept` (the k) may be fractional, as it is while a knob glides.

export interface Law {
  kept: number;
  /** Per unit of the ratio. */
  density: (ratio: number) => number;
  /** The density where it is highest. */
  peak: number;
  /** Share of pairs whose ratio is off 1 by less than that. */
  inside: (tolerance: number) => number;
  /** The ratio that this share of all pairs stays below. */
  quantile: (share: number) => number;
}

const STEPS = 800;

export function lawOf(kept: number): Law {
  const reach = 9 / Math.sqrt(2 * kept); // what is farther from 1 has a chance below 1e-15
  const low = Math.max(0, 1 - reach);
  const step = (1 + reach - low) / STEPS;
  // below[i]: the integral over the first i steps, by trapezoids.
  const below = new Float64Array(STEPS + 1);
  for (let i = 1, last = shape(kept, low); i <= STEPS; i++) {
    const next = shape(kept, low + i * step);
    below[i] = (below[i - 1] ?? 0) + ((last + next) / 2) * step;
    last = next;
  }
  const whole = below[STEPS] ?? 1;
  return {
    kept,
    density: (ratio) => shape(kept, ratio) / whole,
    peak: shape(kept, Math.sqrt(Math.max(0, 1 - 1 / kept))) / whole,
    inside: (tolerance) => {
      const [from, to] = [Math.max(low, 1 - tolerance), Math.min(1 + reach, 1 + tolerance)];
      return simpson((ratio) => shape(kept, ratio), from, to) / whole;
    },
    quantile: (share) => {
      const wanted = share * whole;
      let [from, to] = [0, STEPS];
      while (to - from > 1) {
        const middle = (from + to) >> 1;
        if ((below[middle] ?? whole) < wanted) from = middle;
        else to = middle;
      }
      const [less, more] = [below[from] ?? 0, below[to] ?? whole];
      return low + (from + (more > less ? (wanted - less) / (more - less) : 0)) * step;
    },
  };
}

/** The k from which on this share of the distances changes by less than the tolerance. */
export function enough(share: number, tolerance: number): number {
  const isEnough = (kept: number) => lawOf(kept).inside(tolerance) >= share;
  let high = 1;
  while (!isEnough(high)) high *= 2;
  let tooFew = high >> 1;
  while (high - tooFew > 1) {
    const middle = (tooFew + high) >> 1;
    if (isEnough(middle)) high = middle;
    else tooFew = middle;
  }
  return high;
}

/** The k from which on the lemma promises a projection that keeps all distances within the tolerance. */
export function lemma(points: number, tolerance: number): number {
  const e = 2 * tolerance - tolerance ** 2; // the lemma speaks of squares
  return Math.ceil((4 * Math.log(points)) / (e ** 2 / 2 - e ** 3 / 3));
}

/** The density but for a factor; the logarithm keeps high powers from overflowing. */
function shape(kept: number, ratio: number): number {
  if (ratio <= 0) return kept === 1 && ratio === 0 ? Math.exp(0.5) : 0;
  return Math.exp((kept - 1) * Math.log(ratio) - (kept / 2) * (ratio ** 2 - 1));
}

function simpson(f: (x: number) => number, from: number, to: number): number {
  const halves = 200;
  const h = (to - from) / (2 * halves);
  let sum = f(from) - f(to);
  for (let i = 0; i < halves; i++) sum += 4 * f(from + (2 * i + 1) * h) + 2 * f(from + (2 * i + 2) * h);
  return (sum * h) / 3;
}
