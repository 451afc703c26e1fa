import { expect, test } from 'vitest';
import { stepOf } from './scale';

test.each([
  [0, 180, 1],
  [0, 10, 1],
  [0, 1000, 10],
  [0, 1, 0.01],
  [-3, 1, 0.01],
  [0.5, 20.5, 0.1],
  [0, 12288, 100],
])('from %d to %d a thumb moves by %d', (low, high, step) => {
  expect(stepOf({ low, high, unit: '' })).toBe(step);
});
