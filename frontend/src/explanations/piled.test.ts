import { expect, test } from 'vitest';
import { piled } from './piled';
import { stacked } from './stacked';

const ROOM = { radius: 5, height: 60, pitch: 20, origin: 10 };

test('a class is dots', () => {
  const places = [10, 30, 30, 54];

  expect(piled(places, ROOM)).toBe(stacked(places, 5, 60));
});

test('a crowd is bars on the grid, the tallest as high as there is room', () => {
  const places = [...Array<number>(40).fill(12), ...Array<number>(20).fill(27)];

  expect(piled(places, ROOM)).toBe('M1,0h18v60h-18ZM21,0h18v30h-18Z');
});

test('nobody is nothing', () => {
  expect(piled([], ROOM)).toBe('');
});
