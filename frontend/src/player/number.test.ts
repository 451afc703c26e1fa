import { expect, test } from 'vitest';
import { isReadAsTyped, typedNumber } from './number';

test.each([
  ['12', 12],
  [' 12 ', 12],
  ['-3.5', -3.5],
  ['−3,5', -3.5],
  ['0,25', 0.25],
  ['.5', 0.5],
  ['1,234.5', 1234.5],
  ['1.234,5', 1234.5],
  ['1,234,567', 1234567],
  ['12 288', 12288],
  ['3e8', 3e8],
])('%s is %d', (text, number) => {
  expect(typedNumber(text)).toBe(number);
});

test.each(['', '-', 'twelve', '3/4', '1.2.3', '1e999', '--1', '0x10'])('%s is no number', (text) => {
  expect(typedNumber(text)).toBe(null);
});

test('a comma is shown back as it was read, a plain number isn’t', () => {
  expect(isReadAsTyped('1,234')).toBe(false);
  expect(isReadAsTyped('3e8')).toBe(false);
  expect(isReadAsTyped('-12.5')).toBe(true);
});
