import { expect, test } from 'vitest';
import { result } from './examples';
import { gainOf, normalisedGain } from './gain';

const voted = { ...result, players: 8, answered: 8, right_count: 5 };

test('half of those who could still learn it did', () => {
  expect(gainOf({ ...voted, first: { counts: [6, 2], answered: 8, right_count: 2 } })).toEqual({
    before: 0.25,
    after: 0.625,
    normalised: 0.5,
  });
});

test('a talk can lose', () => {
  expect(normalisedGain(0.5, 0.25)).toBe(-0.5);
});

test('where all were right nothing was left to gain', () => {
  expect(normalisedGain(1, 1)).toBeNull();
});

test('without two votes there is no gain', () => {
  expect(gainOf(voted)).toBeNull();
  expect(gainOf({ ...voted, first: { counts: [], answered: 0, right_count: 0 } })).toBeNull();
});
