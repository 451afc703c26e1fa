// The exact law of the angle between two random directions: sin(t)^(d-2), normalised to one.
// Angles in degrees; `dimensions` may be fractional, as it is while a knob glides.

export interface Law {
  dimensions: number;
  /** Chance per degree, at an angle. */
  density: (angle: number) => number;
  /** Share of pairs within that many degrees of 90. */
  near: (degrees: number) => number;
  /** The angle that this share of all pairs stays below. */
  quantile: (share: number) => number;
}

const STEPS = 600;

export function lawOf(dimensions: number): Law {
  const reach = reachOf(dimensions);
  const step = reach / STEPS;
  // below[i]: the integral from 90 to 90 + i steps, by trapezoids.
  const below = new Float64Array(STEPS + 1);
  for (let i = 1, last = 1; i <= STEPS; i++) {
    const next = shape(dimensions, i * step);
    below[i] = (below[i - 1] ?? 0) + ((last + next) / 2) * step;
    last = next;
  }
  const half = below[STEPS] ?? 1;
  const upTo = (degrees: number) => {
    const at = Math.min(STEPS, Math.max(0, degrees / step));
    const low = below[Math.floor(at)] ?? half;
    return low + ((below[Math.ceil(at)] ?? half) - low) * (at % 1);
  };
  return {
    dimensions,
    density: (angle) => shape(dimensions, angle - 90) / (2 * half),
    near: (degrees) => upTo(degrees) / half,
    quantile: (share) => {
      const wanted = Math.abs(2 * share - 1) * half;
      let low = 0;
      let high = STEPS;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((below[middle] ?? half) < wanted) low = middle;
        else high = middle;
      }
      const [from, to] = [below[low] ?? 0, below[high] ?? half];
      const off = (low + (to > from ? (wanted - from) / (to - from) : 0)) * step;
      return 90 + Math.sign(share - 0.5) * off;
    },
  };
}

/** Angles to draw the curve through: even over the axis, and close where the peak is. */
export function anglesToDraw(dimensions: number): number[] {
  const reach = reachOf(dimensions);
  const off = Array.from({ length: 121 }, (_, i) => (reach * i) / 120);
  if (reach < 90) off.push(90);
  return [...off.slice(1).reverse().map((x) => 90 - x), ...off.map((x) => 90 + x)];
}

/** The density over its peak, `off` degrees from 90. */
function shape(dimensions: number, off: number): number {
  // Rounding makes the cosine of 90 degrees 1e-16, which to the power 0 is 1 as it should be.
  return Math.max(Math.cos((off * Math.PI) / 180), 0) ** (dimensions - 2);
}

/** Degrees from 90 beyond which less than a pixel of the law is left. */
function reachOf(dimensions: number): number {
  return Math.min(90, (9 / Math.sqrt(dimensions)) * (180 / Math.PI));
}
