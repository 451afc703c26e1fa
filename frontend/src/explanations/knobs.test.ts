import { describe, expect, test } from 'vitest';
import type { Knob } from '../protocol.gen';
import { neighbour, positionOf, printed, snapped, ticks, valueAt } from './knobs';

const dimensions: Knob = {
  key: 'dimensions',
  label: 'dimensions',
  min: 2,
  max: 12_288,
  step: 1,
  start: 100,
  scale: 'log',
  where: 'client',
  options: [],
};
const bias: Knob = { ...dimensions, key: 'bias', min: -2.5, max: 0.5, step: 0.05, start: -1, scale: 'linear' };

describe('a log track', () => {
  test('gives every decade the same length', () => {
    const decade = positionOf(dimensions, 100) - positionOf(dimensions, 10);

    expect(positionOf(dimensions, 2)).toBe(0);
    expect(positionOf(dimensions, 12_288)).toBe(1);
    expect(positionOf(dimensions, 1000) - positionOf(dimensions, 100)).toBeCloseTo(decade, 12);
  });

  test('finds the value of a place again', () => {
    for (const value of [2, 3, 47, 100, 9999, 12_288]) {
      expect(valueAt(dimensions, positionOf(dimensions, value))).toBeCloseTo(value, 8);
    }
  });

  test('rests on two digits, on whole steps and on both ends', () => {
    expect([2.4, 9.6, 99.4, 104, 106, 1234, 12_100, 12_200, 20_000, 1].map((v) => snapped(dimensions, v))).toEqual([
      2, 10, 99, 100, 110, 1200, 12_000, 12_288, 12_288, 2,
    ]);
  });

  test('every key press moves it, and back', () => {
    const up = [2];
    while (up.length < 1000 && (up.at(-1) ?? 0) < 12_288) up.push(neighbour(dimensions, up.at(-1) ?? 0, 1));
    const down = [12_288];
    while (down.length < 1000 && (down.at(-1) ?? 0) > 2) down.push(neighbour(dimensions, down.at(-1) ?? 0, -1));

    expect(up.slice(0, 3)).toEqual([2, 3, 4]);
    expect(up.slice(-3)).toEqual([11_000, 12_000, 12_288]);
    expect(up).toEqual([...down].reverse());
    expect(new Set(up).size).toBe(up.length);
  });

  test('prints its ends and the decades that keep clear of them', () => {
    expect(ticks(dimensions)).toEqual([2, 10, 100, 1000, 12_288]);
  });
});

describe('a linear track', () => {
  test('rests on its steps, without binary dust', () => {
    expect([-1.02, -0.98, -2.51, 0.3000001, 7].map((v) => snapped(bias, v))).toEqual([-1, -1, -2.5, 0.3, 0.5]);
  });

  test('walks from end to end in its steps', () => {
    let value = bias.min;
    let steps = 0;
    for (; value < bias.max && steps < 1000; steps++) value = neighbour(bias, value, 1);

    expect([value, steps]).toEqual([0.5, 60]);
    expect(neighbour(bias, 0.3, -1)).toBe(0.25);
  });
});

test('numbers are printed as they are read', () => {
  expect(printed(dimensions, 12_288)).toBe('12,288');
  expect(printed(bias, -0.5)).toBe('−0.5');
  expect(printed(bias, -1.05)).toBe('−1.05');
});
