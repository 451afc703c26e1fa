// ReLU, GELU and SiLU: the input times a share of it that is kept.

export interface Person {
  name: string;
  initials: string;
  /** What reaches the function, and what it makes of it. */
  before: number;
  after: number;
}

/** In the order of the knob: how much of an input each function keeps, from 0 to 1. */
const SHARES = [(x: number) => (x > 0 ? 1 : 0), (x: number) => (1 + erf(x / Math.SQRT2)) / 2, (x: number) => 1 / (1 + Math.exp(-x))];

export function keptOf(f: number, x: number): number {
  return SHARES[f]?.(x) ?? 0;
}

export function outputOf(f: number, x: number): number {
  return x * keptOf(f, x);
}

/** The curve between two ends, in points; 0 is one of them, where ReLU has its corner. */
export function curveOf(f: number, low: number, high: number): [number, number][] {
  const places = Array.from({ length: 121 }, (_, i) => low + ((high - low) * i) / 120);
  return [...places, 0].sort((a, b) => a - b).map((x) => [x, outputOf(f, x)]);
}

/** A histogram of guesses by tenths: a path of bars, `along` places and down from 0 to `room`. */
export function barsOf(guesses: readonly number[], along: (value: number) => number, room: number): string {
  const counts = new Map<number, number>();
  for (const guess of guesses) {
    const tenths = Math.round(10 * guess);
    counts.set(tenths, (counts.get(tenths) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  const half = Math.abs(along(0.04) - along(0));
  return [...counts]
    .map(([tenths, count]) => `M${along(tenths / 10) - half},0h${2 * half}v${(room * count) / most}h${-2 * half}Z`)
    .join('');
}

/** What becomes of a number, as far as two digits tell. */
export function toneOf(output: number): 'passes' | 'leaks' | 'stops' {
  return Math.abs(output) < 0.005 ? 'stops' : output > 0 ? 'passes' : 'leaks';
}

/** To two digits, as in a book. */
export function printed(value: number): string {
  return inDigits(value, 2);
}

/** To three digits where two would make nothing of something: GELU makes −0.004 of −3. */
export function precise(value: number): string {
  return inDigits(value, Math.abs(value) < 0.005 ? 3 : 2);
}

function inDigits(value: number, digits: number): string {
  return (Math.round(value * 10 ** digits) / 10 ** digits + 0).toString().replace('-', '−');
}

/** Abramowitz and Stegun 7.1.26, right to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}
