import { describe, expect, test } from 'vitest';
import type { CardView } from '../messages.gen';
import { askedFaces, shuffled, type Direction } from './order';
import { swiped } from './swipe';

const card = (id: number, ...keys: string[]): CardView => ({
  id,
  name: `${id}`,
  faces: keys.map((key) => ({ key, title: '', front: '', back: '', spoken_front: '', spoken_back: '', typed: [] })),
  image: null,
  picture: null,
  section: null,
});
const cards = [card(1, 'forward', 'backward'), card(2, 'c1', 'c3'), card(3, 'forward', 'backward')];
const asked = (direction: Direction, seed = 0) =>
  askedFaces(cards, direction, seed).map(({ card: { id }, face: { key } }) => `${id} ${key}`);

describe('what is asked', () => {
  test('a term, or its meaning; a cloze text has its gaps alone', () => {
    expect(asked('forward')).toEqual(['1 forward', '2 c1', '2 c3', '3 forward']);
    expect(asked('backward')).toEqual(['1 backward', '2 c1', '2 c3', '3 backward']);
  });

  test('mixed, each card once, the same for the same seed', () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => seed * 7919);
    const orders = new Set(seeds.map((seed) => asked('mixed', seed).join()));
    expect(orders.size).toBe(4);
    for (const seed of seeds) expect(asked('mixed', seed)).toEqual(asked('mixed', seed));
  });

  test('shuffled, nothing lost, the same for the same seed', () => {
    const list = Array.from({ length: 50 }, (_, i) => i);
    expect(shuffled(list, 5)).toEqual(shuffled(list, 5));
    expect(shuffled(list, 5)).not.toEqual(shuffled(list, 6));
    expect(shuffled(list, 5).sort((a, b) => a - b)).toEqual(list);
  });
});

describe('a card let go', () => {
  test.each([
    [-150, 900, 1],
    [150, 900, -1],
    [-60, 100, 1],
    [-60, 900, 0],
    [-10, 5, 0],
    [0, 0, 0],
  ])('%i px in %i ms goes to %i', (dx, ms, by) => {
    expect(swiped(dx, ms, 320)).toBe(by);
  });
});
