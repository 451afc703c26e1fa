import { expect, test } from 'vitest';
import { cloudOf, overlap } from './cloud';

const sheet = { width: 150, height: 56, smallest: 4, largest: 15 };
const ems = (text: string) => 0.55 * text.length;
const said = ['vector', 'matrix', 'token', 'a neural network', 'attention', 'loss', 'gradient descent', 'GPU', 'bias', 'data'];
const words = said.map((text, i) => ({ text, count: 1 + ((7 * i) % 11) }));
const pairs = (cloud: ReturnType<typeof cloudOf>) => cloud.flatMap((one, i) => cloud.slice(i + 1).map((other) => [one, other] as const));

test('no word lies over another, and all lie on the sheet', () => {
  const cloud = cloudOf(words, sheet, ems);

  expect(cloud.length).toBe(words.length);
  expect(pairs(cloud).filter(([one, other]) => overlap(one, other))).toEqual([]);
  for (const { x, y, width, size } of cloud) {
    expect(Math.abs(x) + width / 2).toBeLessThanOrEqual(75);
    expect(Math.abs(y) + size / 2).toBeLessThanOrEqual(28);
  }
});

test('the commonest word is the largest and lies in the middle', () => {
  const [first, ...others] = cloudOf([{ text: 'once', count: 1 }, { text: 'often', count: 9 }, { text: 'twice', count: 2 }], sheet, ems);

  expect(first).toEqual({ text: 'often', count: 9, x: 0, y: 0, size: 15, width: 0.55 * 5 * 15 });
  expect(others.map((word) => word.text)).toEqual(['twice', 'once']);
  expect(others.every((word) => word.size < 15)).toBe(true);
});

test('the same words lie the same, in whatever order they come', () => {
  expect(cloudOf([...words].reverse(), sheet, ems)).toEqual(cloudOf(words, sheet, ems));
});

test('what finds no room is left out, the commonest last', () => {
  const many = Array.from({ length: 400 }, (_, i) => ({ text: `word ${i}`, count: i === 0 ? 50 : 1 }));
  const cloud = cloudOf(many, sheet, ems);

  expect(cloud.length).toBeLessThan(400);
  expect(cloud[0]?.text).toBe('word 0');
});

test('a long word keeps to the sheet', () => {
  const [word] = cloudOf([{ text: 'supercalifragilisticexpialidoci', count: 3 }], sheet, ems);

  expect(word?.width).toBeCloseTo(0.94 * 150);
});
