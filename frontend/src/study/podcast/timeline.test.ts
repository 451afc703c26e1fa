import { expect, test } from 'vitest';
import { clock, timed, turnAt } from './timeline';

test('what is recorded has its own times, the rest is reckoned after it', () => {
  expect(
    timed(
      [
        { start_ms: 0, end_ms: 1000 },
        { start_ms: 1400, end_ms: 3000 },
      ],
      [10, 20, 30],
    ),
  ).toEqual([
    { start: 0, end: 1000, isRecorded: true },
    { start: 1400, end: 3000, isRecorded: true },
    { start: 3400, end: 5400, isRecorded: false },
  ]);
});

test('without a recording everything is reckoned', () => {
  expect(timed([], [15, 15]).map(({ start, end }) => [start, end])).toEqual([
    [0, 1000],
    [1400, 2400],
  ]);
});

test('a pause belongs to the turn before it', () => {
  const turns = timed([], [15, 15, 15]);
  expect([0, 999, 1200, 1400, 2800, 99_999].map((ms) => turnAt(turns, ms))).toEqual([0, 0, 0, 1, 2, 2]);
});

test.each([
  [0, '0:00'],
  [5_999, '0:05'],
  [125_000, '2:05'],
  [3_725_000, '1:02:05'],
])('%i ms are %s', (ms, expected) => {
  expect(clock(ms)).toBe(expected);
});
