// Gradient descent on votes for the next word, as lessons/explanations/nextword.py does it with numpy.

export const STEPS = 1000;

export interface Course {
  /** At each step, the first before any nudge. */
  losses: Float64Array;
  /** For each word, and last for all other tokens together, the chance at each step. */
  chances: Float64Array[];
}

/** How chances follow the words' shares of the votes; `others` tokens can be said too, but nobody does. */
export function courseOf(shares: number[], others: number, rate: number): Course {
  const target = Float64Array.from([...shares, 0]);
  const tokens = Float64Array.from(target, (_, i) => (i < shares.length ? 1 : others));
  const scores = new Float64Array(target.length);
  const weights = new Float64Array(target.length);
  const losses = new Float64Array(STEPS);
  const chances = Array.from(target, () => new Float64Array(STEPS));

  // Plain loops: while the rate is turned, this runs in every frame.
  for (let step = 0; step < STEPS; step++) {
    // Lowered by the highest score, which changes no ratio, no exponential overflows.
    const high = Math.max(...scores);
    let total = 0;
    let expected = 0;
    for (let i = 0; i < scores.length; i++) {
      const weight = at(tokens, i) * Math.exp(at(scores, i) - high);
      weights[i] = weight;
      total += weight;
      expected += at(scores, i) * at(target, i);
    }
    losses[step] = Math.log(total) + high - expected;
    for (let i = 0; i < scores.length; i++) {
      const chance = at(weights, i) / total;
      const seen = chances[i];
      if (seen) seen[step] = chance;
      // What the others are to lose together, each loses its part of.
      scores[i] = at(scores, i) + (rate * (at(target, i) - chance)) / Math.max(1, at(tokens, i));
    }
  }
  return { losses, chances };
}

/** The value at a step, the first being 1; between two of them, as while a knob glides, on a straight line. */
export function valueAtStep(values: Float64Array, step: number): number {
  const place = Math.min(Math.max(step, 1), values.length) - 1;
  const before = at(values, Math.floor(place));
  return before + (at(values, Math.ceil(place)) - before) * (place % 1);
}

/** Steps to draw a curve through: all at first, then pairs, so that one that jumps up and down still does. */
export function stepsToDraw(): number[] {
  const early = Array.from({ length: 100 }, (_, i) => i + 1);
  const late = Array.from({ length: 60 }, (_, i) => Math.round(100 * (STEPS / 100) ** ((i + 1) / 60)));
  return [...early, ...late.flatMap((step) => [step - 1, step])];
}

function at(values: Float64Array, i: number): number {
  return values[i] ?? 0;
}
