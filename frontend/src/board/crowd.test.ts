import { expect, test } from 'vitest';
import { seat } from './examples';
import { groupedByTeam, newest } from './crowd';

test('players stand with their team, an empty team is shown', () => {
  const ada = seat('Ada', 'Tokens');
  const ben = seat('Ben', 'Vectors');

  expect(groupedByTeam([ada, ben], ['Vectors', 'Tokens', 'Layers'])).toEqual([
    { team: 'Vectors', seats: [ben] },
    { team: 'Tokens', seats: [ada] },
    { team: 'Layers', seats: [] },
  ]);
});

test('without teams there is one group, and none before the first player', () => {
  expect(groupedByTeam([seat('Ada'), seat('Ben')], []).length).toBe(1);
  expect(groupedByTeam([], [])).toEqual([]);
});

test('of a thousand players the newest are named and the others counted', () => {
  const shown = newest(Array.from({ length: 1000 }, (_, i) => seat(`Player ${i}`)), 1);

  expect(shown.more).toBe(880);
  expect(shown.seats.at(-1)?.nickname).toBe('Player 999');
  expect(newest([seat('Ada')], 4).more).toBe(0);
});
