import { expect, test } from 'vitest';
import { commonest } from './tally';

test('the commonest numbers come first, of equal ones the smaller', () => {
  expect(commonest([8, 3, 12, 12, 8, 12, 3, 5], 3)).toEqual([
    { number: 12, count: 3 },
    { number: 3, count: 2 },
    { number: 8, count: 2 },
  ]);
  expect(commonest([], 3)).toEqual([]);
});
