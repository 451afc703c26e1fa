import { expect, test } from 'vitest';
import { asBefore, climbed } from './places';

const ada = { name: 'Ada', rank: 1, rank_before: 3 };
const ben = { name: 'Ben', rank: 2, rank_before: 1 };
const mia = { name: 'Mia', rank: 3, rank_before: null };

test('rows stand as before, newcomers last', () => {
  expect(asBefore([ada, mia, ben])).toEqual([ben, ada, mia]);
});

test('equal places keep their order', () => {
  const tom = { name: 'Tom', rank: 3, rank_before: null };

  expect(asBefore([mia, tom])).toEqual([mia, tom]);
});

test('climbing is told in places', () => {
  expect([ada, ben, mia].map(climbed)).toEqual([2, -1, 0]);
});
