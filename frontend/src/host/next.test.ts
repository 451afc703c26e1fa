import { expect, test } from 'vitest';
import { nextInWords } from './next';

test('the button says what it does', () => {
  expect(nextInWords({ phase: 'lobby' }, 8)).toBe('Start');
  expect(nextInWords({ phase: 'get_ready', round: 0, points: 1000 }, 8)).toBe('Open the question');
  expect(nextInWords({ phase: 'standings', round: 3, top: [], teams: [], players: 0 }, 8)).toBe('Next question');
});

test('nothing follows the podium', () => {
  expect(nextInWords({ phase: 'podium', title: '', top: [], teams: [], players: 0 }, 8)).toBeNull();
});
