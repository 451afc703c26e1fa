import { expect, test } from 'vitest';
import { shuffled } from './shuffled';

test('every option is there once, in an order of the seat’s own', () => {
  const order = shuffled(6, 'p1', 0);

  expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(shuffled(6, 'p1', 0)).toEqual(order);
});

test('another seat or another round has another order', () => {
  const orders = ['p1', 'p2', 'p3', 'p4'].flatMap((seat) => [0, 1, 2].map((round) => shuffled(6, seat, round).join('')));

  expect(new Set(orders).size).toBeGreaterThan(9);
});

test('in a class of 2400 each option stands first about as often', () => {
  const firsts = [0, 0, 0, 0];
  for (let seat = 0; seat < 2400; seat += 1) {
    const first = shuffled(4, `seat ${seat}`, 3)[0] ?? 0;
    firsts[first] = (firsts[first] ?? 0) + 1;
  }

  // Four standard deviations around 600.
  for (const times of firsts) expect(Math.abs(times - 600)).toBeLessThan(85);
});
