// How many directions fit, as a number of zeros: read from numpy's table, or computed as in _lines.py.
import type { CapacityResult } from './data.gen';

type Table = Pick<CapacityResult, 'tolerances' | 'dimensions' | 'guaranteed' | 'overtakes'>;

/**
 * The guarantee at any tolerance and dimension. In the long run its zeros grow as the square of the
 * tolerance times the dimensions, so that it is their logarithms that are straight in between.
 */
export function guaranteedAt(grid: Table, tolerance: number, dimensions: number): number {
  const [i, up] = placeIn(grid.tolerances, tolerance);
  const [k, along] = placeIn(grid.dimensions, dimensions);
  const log = (row: number, column: number) => Math.log(grid.guaranteed[row]?.[column] ?? 1);
  const low = log(i, k) + (log(i, k + 1) - log(i, k)) * along;
  const high = log(i + 1, k) + (log(i + 1, k + 1) - log(i + 1, k)) * along;
  return Math.exp(low + (high - low) * up);
}

/** Levenshtein's limit: as in _lines.py, where the formula is explained. */
export function limitAt(tolerance: number, dimensions: number): number {
  const d = dimensions;
  const s = Math.sin((tolerance * Math.PI) / 180);
  let [n, before, ratio, log] = [1, s, s, 0];
  for (;;) {
    [before, ratio] = [ratio, ((2 * n + d) * s - n / ratio) / (n + d)];
    n++;
    if (n > 2) log += Math.log10((d + n - 3) / (n - 2));
    if (ratio <= 0) break;
  }
  const r = before * ratio;
  return log + Math.log10(1 + ((2 * n + d - 2) * (d - 1)) / (n * (n - 1) - (n + d - 1) * (n + d - 2) * r));
}

/** The dimension from which on the guarantee is more than one direction for each dimension. */
export function overtakesAt(grid: Table, tolerance: number): number {
  const [i, up] = placeIn(grid.tolerances, tolerance);
  const low = Math.log(grid.overtakes[i] ?? 1);
  return Math.exp(low + (Math.log(grid.overtakes[i + 1] ?? 1) - low) * up);
}

/** Random directions with one bad pair on average, from the guarantee: √(2/p) and 1/p. */
export function byChance(guaranteed: number): number {
  return (Math.log10(2) + guaranteed) / 2;
}

/** Where a curve that rises from left to right comes to a height; nothing if it stays below. */
export function reaches(curve: [x: number, y: number][], height: number): number | undefined {
  const after = curve.findIndex(([, y]) => y >= height);
  const [from, to] = [curve[after - 1], curve[after]];
  if (!from || !to) return undefined;
  return from[0] + ((height - from[1]) / (to[1] - from[1])) * (to[0] - from[0]);
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[sorted.length % 2 === 1 ? middle : middle - 1] ?? 0)) / 2;
}

/** Round steps of an axis, at most four. */
export function ticksUpTo(top: number): number[] {
  const rough = top / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * unit).find((one) => one >= rough) ?? rough;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => Math.round(i * step));
}

/** Index of the interval that holds a value, and how far along it is on a logarithmic axis. */
function placeIn(grid: number[], value: number): [number, number] {
  const next = grid.findIndex((one) => one > value);
  const i = Math.max(0, (next === -1 ? grid.length - 1 : next) - 1);
  const [low, high] = [grid[i] ?? 1, grid[i + 1] ?? 1];
  return [i, Math.min(1, Math.max(0, Math.log(value / low) / Math.log(high / low)))];
}
