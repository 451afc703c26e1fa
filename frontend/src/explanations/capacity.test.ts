import { expect, test } from 'vitest';
import { byChance, guaranteedAt, limitAt, median, overtakesAt, reaches, ticksUpTo } from './capacity';
import cases from './capacity.cases.json';

const { grid } = cases;

test.each(cases.places)('between the table’s places the browser reads what numpy computes: $tolerance°, $dimensions', (place) => {
  const guaranteed = guaranteedAt(grid, place.tolerance, place.dimensions);

  // Less than a line's width, and never so much that one zero too many would be told.
  expect(Math.abs(guaranteed - place.guaranteed)).toBeLessThan(0.004 * place.guaranteed + 0.001);
  if (place.guaranteed > 6) expect(Math.abs(guaranteed - place.guaranteed)).toBeLessThan(0.001 * place.guaranteed);
  expect(limitAt(place.tolerance, place.dimensions)).toBeCloseTo(place.limit, 2);
  expect(Math.abs(byChance(place.guaranteed) - place.chance)).toBeLessThan(0.001);
});

test('a place of the table is read as it is, its corners too', () => {
  for (const [i, k] of [[0, 0], [3, 20], [19, 59], [0, 59], [19, 0]] as const) {
    const read = guaranteedAt(grid, grid.tolerances[i] ?? 0, grid.dimensions[k] ?? 0);
    expect(read).toBeCloseTo(grid.guaranteed[i]?.[k] ?? 0, 9);
  }
});

test.each(cases.overtakes)('the guarantee overtakes where numpy says: $tolerance°', ({ tolerance, dimensions }) => {
  const read = overtakesAt(grid, tolerance);

  expect(Math.abs(read / dimensions - 1)).toBeLessThan(0.01);
});

test('a curve reaches a height between two points, or not at all', () => {
  const curve: [number, number][] = [[0, 0], [10, 5], [20, 25]];

  expect(reaches(curve, 15)).toBe(15);
  expect(reaches(curve, 2.5)).toBe(5);
  expect(reaches(curve, 26)).toBeUndefined();
});

test('half of the guesses are at most the median', () => {
  expect(median([9])).toBe(9);
  expect(median([30, 3, 9])).toBe(9);
  expect(median([40, 3, 10, 9])).toBe(9.5);
});

test('an axis has at most five round numbers', () => {
  expect(ticksUpTo(60)).toEqual([0, 20, 40, 60]);
  expect(ticksUpTo(416)).toEqual([0, 200, 400]);
  expect(ticksUpTo(1665)).toEqual([0, 500, 1000, 1500]);
});
