import { expect, test } from 'vitest';
import { apart, BOTH, cheapest, edges, FIRST, lossesOf, nearest, pairingRarity, SECOND, seen, swarm, votesOn } from './geometry';

test.each([0.1, 0.5, 1, 2, 10])('at the border of importance %f a pair costs what one idea costs', (importance) => {
  const [first, second, both] = lossesOf(pairingRarity(importance), importance);

  expect(both).toBeCloseTo(Math.min(first, second), 12);
});

test('equally important ideas pair up from rarity 7/4 on', () => {
  expect(pairingRarity(1)).toBe(1.75);
});

test('the important idea is kept while ideas are common, both when they are rare', () => {
  expect(cheapest(lossesOf(1.2, 0.5))).toBe(FIRST);
  expect(cheapest(lossesOf(1.2, 2))).toBe(SECOND);
  expect(cheapest(lossesOf(10, 2))).toBe(BOTH);
});

test('the nearest world is nearest on the log axis', () => {
  expect(nearest([1, 2, 8], 4.1)).toBe(2);
  expect(nearest([1, 2, 8], 3.9)).toBe(1);
});

test('equal shares stand side by side around the middle, as wide as the column at most', () => {
  expect(swarm([500, 500, 500, 400], 4, 100)).toEqual([0, -4, 4, 0]);
  expect(swarm([500, 500], 4, 100)).toEqual([2, -2]);
  const crowded = swarm(Array.from({ length: 10 }, () => 500), 4, 20);
  expect(Math.max(...crowded) - Math.min(...crowded)).toBe(18);
});

test('the neighbours in a pentagon are the two that interfere most', () => {
  const pentagon = [0, 1, 2, 3, 4].map((i) => [100 * Math.cos((i * 2 * Math.PI) / 5), 100 * Math.sin((i * 2 * Math.PI) / 5)]);

  expect(edges(pentagon).filter(([from]) => from === 0).map(([, to]) => to)).toEqual(expect.arrayContaining([1, 4]));
  expect(edges([[100], [-100]])).toEqual([]);
});

test('what is higher is seen higher, what is flat is seen flat', () => {
  const [low, high] = seen([[0, 0, -100], [0, 0, 100]]);
  expect((high?.y ?? 0) > (low?.y ?? 0)).toBe(true);
  expect(seen([[50, -20]])).toEqual([{ x: 0.5, y: -0.2, depth: 0 }]);
});

const RAILS = [[1, 1], [3, 4], [2, 3], [1, 2], [4, 9], [2, 5], [3, 8]];
const voted = (...options: string[]) => options.map((option, count) => ({ option, count }));

test('votes stand on the rail that their option names', () => {
  expect(votesOn(voted('1', '2/4', '2/5 (a pentagon)', '1/3', 'none'), RAILS)).toEqual({
    shown: [
      { option: '1', count: 0, rail: 0 },
      { option: '2/4', count: 1, rail: 3 },
      { option: '2/5 (a pentagon)', count: 2, rail: 5 },
    ],
    rest: [
      { option: '1/3', count: 3, rail: -1 },
      { option: 'none', count: 4, rail: -1 },
    ],
  });
});

test('other numbers are no rails', () => {
  const votes = voted('1', '10', '100', '1 neuron');

  expect(votesOn(votes, RAILS)).toEqual({ shown: [], rest: votes });
});

test('labels move apart from their common middle, and no further than they must', () => {
  expect(apart([10, 50, 12], 4)).toEqual([9, 50, 13]);
  const [a = 0, b = 0, c = 0] = apart([10, 10, 10], 6);
  expect([b - a, c - b].map((gap) => Math.round(gap * 100) / 100)).toEqual([6, 6]);
  expect((a + b + c) / 3).toBeCloseTo(10, 9);
});
