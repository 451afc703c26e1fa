import { expect, test } from 'vitest';
import { heightsAt, outline, powers, reached, wingsOf } from './pack';

const course = {
  first_bar: [89, 0],
  // One pair is 100 log10(2), a thousand are 300 log10(1001)...
  bars: [[30, 300], [200, ...Array.from({ length: 178 }, () => 0), 200]],
  worst: [88, 1],
  near: [1, 0],
  wings: 0,
  square: 0,
};

test('a snapshot stands at its own degrees', () => {
  const heights = heightsAt(course, [0, 10], 0);

  expect(heights).toHaveLength(180);
  expect([heights[88], heights[89], heights[90], heights[91]]).toEqual([0, 0.3, 3, 0]);
});

test('between snapshots the bars are mixed, at the ends they are not', () => {
  const half = heightsAt(course, [0, 10], 5);
  const end = heightsAt(course, [0, 10], 10);

  expect([half[0], half[90], half[179]]).toEqual([1, 1.5, 1]);
  expect([end[0], end[90], end[179]]).toEqual([2, 0, 2]);
});

test('numbers are told of the last snapshot that was reached', () => {
  expect([0, 4, 5, 249, 250].map((step) => reached([0, 5, 250], step))).toEqual([0, 0, 1, 1, 2]);
});

test('wings are counted in pairs, not in heights', () => {
  expect(wingsOf(course, 0, 10)).toBe(0);
  expect(wingsOf(course, 1, 10)).toBe(1);
  const mixed = { ...course, first_bar: [0, 0], bars: [[200, ...Array.from({ length: 89 }, () => 0), 300], []] };
  expect(wingsOf(mixed, 0, 10)).toBeCloseTo(99 / (99 + 999), 12);
});

test('lines across are at most three and within the pairs', () => {
  expect(powers(49_995_000)).toEqual([0, 3, 6]);
  expect(powers(5151)).toEqual([0, 2]);
  expect(powers(15)).toEqual([0, 1]);
  expect(powers(3)).toEqual([0]);
});

test('an outline steps up and down, and ends on the ground', () => {
  expect(outline([1, 2], (degree) => 10 * degree, (height) => 100 - height)).toBe('M0,100V99.0H10.0V98.0H20.0V100');
});
