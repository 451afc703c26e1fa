// The guesses of a class under an axis: dots as long as they can be told apart, then bars.
import { stacked } from './stacked';

/**
 * A path below y = 0. Bars stand on a grid of so many pixels that passes through `origin`; dots
 * stand where they are put.
 */
export function piled(
  places: number[],
  { radius, height, pitch, origin }: { radius: number; height: number; pitch: number; origin: number },
): string {
  const counts = new Map<number, number>();
  for (const place of places) {
    const column = Math.round((place - origin) / pitch);
    counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  const tallest = Math.max(1, ...counts.values());
  // Dots of half the size still are dots; smaller ones would be dust.
  if (1.1 * radius * tallest <= height) return stacked(places, radius, height);
  return [...counts]
    .map(([column, count]) => {
      const left = origin + (column - 0.45) * pitch;
      return `M${left},0h${0.9 * pitch}v${(height * count) / tallest}h${-0.9 * pitch}Z`;
    })
    .join('');
}
