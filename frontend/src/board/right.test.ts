import { expect, test } from 'vitest';
import type { QuestionView, RoundResult } from '../protocol.gen';
import { rightInWords, withUnit } from './right';

const question: QuestionView = { kind: 'several_right', prompt: '', points: 1000, limit_ms: 20_000, options: ['up', 'ReLU', 'down'], scale: null };
const result: RoundResult = {
  right: [],
  accepted: [],
  number: null,
  tolerance: 0,
  counts: [],
  guesses: [],
  players: 3,
  answered: 3,
  right_count: 1,
  fastest: null,
};

test('right options are named', () => {
  expect(rightInWords(question, { ...result, right: [0, 2] })).toBe('up · down');
});

test('the first accepted text is the answer', () => {
  expect(rightInWords({ ...question, kind: 'typed_text' }, { ...result, accepted: ['tokens', 'token'] })).toBe('tokens');
});

test('a number has its unit and a true minus', () => {
  expect(rightInWords({ ...question, kind: 'number_guess', scale: { low: 0, high: 180, unit: '°' } }, { ...result, number: 90 })).toBe('90°');
  expect(withUnit(-12_288, 'dims')).toBe('−12,288 dims');
});
