import { expect, test } from 'vitest';
import type { OwnResult, QuestionView } from '../protocol.gen';
import { verdictOf } from './verdict';

const question: QuestionView = {
  kind: 'number_guess',
  prompt: 'How many?',
  points: 1000,
  limit_ms: 20_000,
  options: [],
  scale: { low: 0, high: 10, unit: '' },
  unit: '',
  per_option: false,
  body: '',
  image: null,
  rich: {},
};
const own: OwnResult = {
  round: 0,
  answered: true,
  is_right: false,
  part: 0,
  elapsed_ms: 2000,
  points: 0,
  bonus: 0,
  total: 0,
  rank: 1,
  rank_before: null,
  streak: 0,
};

test('whoever came in later missed it, whoever didn’t answer is told so', () => {
  expect(verdictOf(question, null)).toBe('missed');
  expect(verdictOf(question, { ...own, answered: false })).toBe('unanswered');
});

test('right is right, nothing of it is wrong', () => {
  expect(verdictOf(question, { ...own, is_right: true, part: 1 })).toBe('right');
  expect(verdictOf(question, own)).toBe('wrong');
});

test('in between a number is close, a set is partly right', () => {
  expect(verdictOf(question, { ...own, part: 0.4 })).toBe('close');
  expect(verdictOf({ ...question, kind: 'several_right' }, { ...own, part: 0.5 })).toBe('partlyRight');
});
