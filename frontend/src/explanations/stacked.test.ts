import { expect, test } from 'vitest';
import { stacked } from './stacked';

/** The lowest point of a path of circles or bars, from its absolute starts. */
function lowest(path: string, radius: number): number {
  const starts = [...path.matchAll(/M[-\d.]+,([\d.]+)a/g)].map(([, y]) => Number(y) + radius);
  const bars = [...path.matchAll(/M[-\d.]+,0h[\d.]+v([\d.]+)h/g)].map(([, height]) => Number(height));
  return Math.max(0, ...starts, ...bars);
}

test('few guesses are circles, equal ones one below the other', () => {
  const path = stacked([10, 50, 50], 5, 100);

  expect(path.match(/M/g)).toHaveLength(3);
  expect(path).toContain('M45,5a');
  expect(path).toContain('M45,16a');
});

test.each([1, 30, 500, 2000])('%i equal guesses fit into the height', (count) => {
  expect(lowest(stacked(Array<number>(count).fill(50), 5, 60), 5)).toBeLessThanOrEqual(63);
});

test('nobody guessed, nothing is drawn', () => {
  expect(stacked([], 5, 60)).toBe('');
});
