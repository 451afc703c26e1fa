import { expect, test } from 'vitest';
import { type Arrow, between, dot, toneOf } from './toy';

const CROSS: Arrow[] = [
  [0, 1],
  [1, 0],
  [0, -1],
  [0.3, 0.9],
];

test('an idea fights its opposite, helps its neighbour and leaves a right angle alone', () => {
  expect([0, 1, 2, 3].map((other) => toneOf(CROSS, 0, other))).toEqual(['own', 'apart', 'fights', 'helps']);
});

test('a reading is a dot product, and nothing of what isn’t there', () => {
  expect(dot([1, 2], [3, -1])).toBe(1);
  expect(dot([1, 2], undefined)).toBe(0);
});

test('a step between two snapshots takes a share of each', () => {
  expect(between([1, 5, 10], 7)).toEqual({ before: 1, after: 2, share: 0.4 });
});

test('the first and the last snapshot are shown as they are', () => {
  expect(between([1, 5, 10], 1)).toEqual({ before: 0, after: 1, share: 0 });
  expect(between([1, 5, 10], 10)).toEqual({ before: 1, after: 2, share: 1 });
});
