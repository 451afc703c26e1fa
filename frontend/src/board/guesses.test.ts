import { expect, test } from 'vitest';
import { along, dotsOf, median } from './guesses';

const degrees = { low: 0, high: 180, unit: '°' };

test('a number lies on its scale', () => {
  expect(along(45, degrees)).toBe(0.25);
  expect(along(5, { low: 10, high: 0, unit: '' })).toBe(0.5);
  expect(along(200, degrees)).toBe(1);
});

test('equal guesses stack, others stand apart', () => {
  expect(dotsOf([0, 90, 90], degrees, 60, 4)).toEqual([
    { along: 0, above: 0 },
    { along: 0.5, above: 0 },
    { along: 0.5, above: 0.25 },
  ]);
});

test('guesses nearer than a dot share a column', () => {
  expect(dotsOf([90, 90.4], degrees, 60, 4).map((dot) => dot.along)).toEqual([0.5, 0.5]);
});

test('a stack of a thousand closes up and stays inside', () => {
  const dots = dotsOf(Array<number>(1000).fill(90), degrees, 60, 10);

  expect(dots.length).toBe(1000);
  expect(Math.max(...dots.map((dot) => dot.above))).toBe(0.999);
});

test('the median is the middle guess, or the mean of the two in the middle', () => {
  expect(median([180, 10, 90])).toBe(90);
  expect(median([80, 90])).toBe(85);
  expect(median([])).toBeNull();
});
