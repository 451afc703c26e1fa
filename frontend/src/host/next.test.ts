import { expect, test } from 'vitest';
import type { QuestionView, RoundResult } from '../protocol.gen';
import { nextInWords } from './next';

const question: QuestionView = { kind: 'true_false', prompt: '', points: 1000, limit_ms: 20_000, options: ['True', 'False'], scale: null };
const result: RoundResult = {
  right: [0],
  accepted: [],
  number: null,
  tolerance: 0,
  counts: [1, 0],
  guesses: [],
  players: 1,
  answered: 1,
  right_count: 1,
  fastest: null,
};

test('the button says what it does', () => {
  expect(nextInWords({ phase: 'lobby' }, 8, [])).toBe('Start');
  expect(nextInWords({ phase: 'get_ready', round: 0, points: 1000 }, 8, [])).toBe('Open the question');
  expect(nextInWords({ phase: 'standings', round: 3, top: [], teams: [], players: 0 }, 8, [])).toBe('Next question');
});

test('after a result it says whether a picture or a note follows', () => {
  const closed = (round: number) => nextInWords({ phase: 'closed', round, question, result }, 3, ['explanation', 'standings', 'podium']);

  expect([closed(0), closed(1), closed(2)]).toEqual(['Show why', 'Standings', 'Podium']);
});

test('nothing follows the podium', () => {
  expect(nextInWords({ phase: 'podium', title: '', top: [], teams: [], players: 0 }, 8, [])).toBeNull();
});
