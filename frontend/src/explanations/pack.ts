// Reading a course of snapshots: the bars of a histogram as it is while the vectors move. See pack.py.
import type { PackCourse } from './data.gen';

export const DEGREES = 180;

/** Heights at every degree at a step, log10(1 + pairs); between two snapshots they are mixed. */
export function heightsAt(course: PackCourse, steps: number[], step: number): number[] {
  const after = Math.max(1, steps.findIndex((one) => one >= step));
  const from = steps[after - 1] ?? 0;
  const to = steps[after] ?? from;
  const share = Math.min(1, Math.max(0, (step - from) / (to - from)));
  const before = spread(course, after - 1);
  const next = spread(course, after);
  return before.map((height, i) => height + ((next[i] ?? 0) - height) * share);
}

/** Index of the last snapshot that a step has reached: what is told in numbers was measured there. */
export function reached(steps: number[], step: number): number {
  return steps.filter((one) => one <= step).length - 1;
}

/** The share of pairs within so many degrees of 0 or 180. */
export function wingsOf(course: PackCourse, snapshot: number, degrees: number): number {
  const pairs = spread(course, snapshot).map((height) => 10 ** height - 1);
  const sum = (some: number[]) => some.reduce((total, one) => total + one, 0);
  return (sum(pairs.slice(0, degrees)) + sum(pairs.slice(-degrees))) / sum(pairs);
}

/** Powers of ten for lines across the bars, as many as leave room for their names. */
export function powers(pairs: number): number[] {
  const step = pairs > 1e5 ? 3 : pairs > 300 ? 2 : 1;
  return [0, step, 2 * step].filter((power) => 10 ** power <= pairs);
}

/** The outline of bars one degree wide, from left to right above y(0). */
export function outline(heights: number[], x: (degree: number) => number, y: (height: number) => number): string {
  const steps = heights.map((height, degree) => `V${y(height).toFixed(1)}H${x(degree + 1).toFixed(1)}`);
  return `M${x(0)},${y(0)}${steps.join('')}V${y(0)}`;
}

function spread(course: PackCourse, snapshot: number): number[] {
  const heights = Array.from({ length: DEGREES }, () => 0);
  const first = course.first_bar[snapshot] ?? 0;
  course.bars[snapshot]?.forEach((height, i) => (heights[first + i] = height / 100));
  return heights;
}
