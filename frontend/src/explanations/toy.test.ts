import { expect, test } from 'vitest';
import { type Arrow, between, dot, extremesOf, placesOf, readingOf, toneOf, votesOn } from './toy';

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

test('a reading goes through bias and ReLU', () => {
  expect(readingOf(CROSS, [0, 0, 0.25, 0], 0, 2, true)).toEqual({ raw: -1, read: 0 });
  expect(readingOf(CROSS, [0, 0, 0.25, 0], 0, 2, false)).toEqual({ raw: -1, read: -0.75 });
});

test('dials and bars reach as far as any world at any step does', () => {
  const snapshots = { directions: [[[[0, 50], [0, -50]]], [[[120, 0], [-100, 0]]]], biases: [[[0, 0]], [[10, -30]]] };

  expect(extremesOf(snapshots, true)).toEqual({ longest: 1.2, low: -1.2, high: 1.54 });
  expect(extremesOf(snapshots, false)).toEqual({ longest: 1.2, low: -1.5, high: 1.54 });
});

test('votes stand under the longest row of worlds that end with the shape', () => {
  const shapes = ['a right angle', '3 arrows', 'two pairs', 'a pentagon', 'two pairs', 'two pairs'];
  const votes = ['A cross', 'A regular pentagon.', 'Two arrows', 'A triangle'].map((option, count) => ({ option, count }));

  expect(votesOn(votes, shapes)).toEqual({
    shown: [
      { option: 'A cross', count: 0, from: 4, to: 5 },
      { option: 'A regular pentagon.', count: 1, from: 3, to: 3 },
      { option: 'Two arrows', count: 2, from: 0, to: 0 },
    ],
    rest: [{ option: 'A triangle', count: 3 }],
  });
});

test.each([
  [1728, 402, 28.9, 8],
  [1800, 563, 40.5, 8],
  [736, 368, 16, 5],
  [328, 525, 16, 5],
  [288, 461, 16, 8],
])('on %i x %i pixels the bars end above the dials, and these above the edge', (width, height, em, ideas) => {
  for (const hasAside of [false, true]) {
    const contents = { worlds: 10, ideas, hasVotesUnder: true, hasAside, aloneWidth: 300, legendWidth: 250 };
    const { bars, big, dials, underDial } = placesOf(width, height, em, contents);
    const dialsTop = Math.min(...dials.map((dial) => dial.y - dial.radius));

    expect(bars.y + bars.row * ideas).toBeLessThanOrEqual(dialsTop);
    expect(big.y + big.radius).toBeLessThanOrEqual(dialsTop);
    expect(big.radius).toBeGreaterThan(15);
    expect(Math.max(...dials.map(({ y }) => y)) + underDial.votes).toBeLessThanOrEqual(height);
  }
});
