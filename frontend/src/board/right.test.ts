import { expect, test } from 'vitest';
import { question, result } from './examples';
import { isScored, rightInWords, withUnit } from './right';

test('right options are named', () => {
  expect(rightInWords(question, { ...result, right: [0, 2] })).toBe('up · down');
});

test('the first accepted text is the answer', () => {
  expect(rightInWords({ ...question, kind: 'typed_text' }, { ...result, accepted: ['tokens', 'token'] })).toBe('tokens');
});

test('a poll has no right answer', () => {
  expect(rightInWords({ ...question, kind: 'poll' }, result)).toBe('');
  expect([isScored(question), isScored({ ...question, kind: 'poll' })]).toEqual([true, false]);
});

test('a number has its unit and a true minus', () => {
  expect(rightInWords({ ...question, kind: 'number_guess', scale: { low: 0, high: 180, unit: '°' } }, { ...result, number: 90 })).toBe('90°');
  expect(rightInWords({ ...question, kind: 'typed_number', unit: 'm' }, { ...result, number: 1.5 })).toBe('1.5 m');
  expect(withUnit(-12_288, 'dims')).toBe('−12,288 dims');
});
