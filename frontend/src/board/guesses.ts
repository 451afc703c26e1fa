import type { Scale } from '../protocol.gen';

/** A guess as a dot: `along` the scale from 0 to 1, `above` it from 0 to 1 of the room's height. */
export interface Dot {
  along: number;
  above: number;
}

/** Where a number lies on its scale, from 0 to 1. */
export function along(number: number, scale: Scale): number {
  return Math.min(1, Math.max(0, (number - scale.low) / (scale.high - scale.low)));
}

/**
 * One dot for each guess, equal ones in a stack. Guesses that would overlap share a column; when
 * the highest stack wouldn't fit, all stacks close up alike, so that heights stay comparable.
 */
export function dotsOf(guesses: readonly number[], scale: Scale, columns: number, levels: number): Dot[] {
  const heights = new Map<number, number>();
  const placed = guesses.map((guess) => {
    const column = Math.round(along(guess, scale) * columns);
    const level = heights.get(column) ?? 0;
    heights.set(column, level + 1);
    return { column, level };
  });
  const highest = Math.max(levels, ...heights.values());
  return placed.map(({ column, level }) => ({ along: column / columns, above: level / highest }));
}

/** The middle guess: the class' word, which one wild guess can't move. */
export function median(guesses: readonly number[]): number | null {
  const sorted = [...guesses].sort((a, b) => a - b);
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  const high = sorted[Math.floor(sorted.length / 2)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
