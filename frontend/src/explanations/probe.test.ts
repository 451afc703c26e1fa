import { describe, expect, test } from 'vitest';
import { averageOf, bell, dotOf, placesOf, printed, raysOf, rimOf, spreadOf } from './probe';

test('the dot product is the length times the cosine', () => {
  expect(dotOf(60, 1)).toBeCloseTo(0.5, 12);
  expect(dotOf(0, 1.5)).toBe(1.5);
  expect(dotOf(90, 1)).toBeCloseTo(0, 12);
  expect(dotOf(120, 1.5)).toBeCloseTo(-0.75, 12);
  // An arrow of length 1.5 has the dot product 1 without pointing the same way.
  expect(dotOf(48.1897, 1.5)).toBeCloseTo(1, 5);
});

// What lessons/explanations/probe.py wants of its measurements, and scipy.stats.norm.pdf.
test('the spreads agree with numpy', () => {
  expect(spreadOf(9, 256)).toBe(0.1875);
  expect(spreadOf(10, 256)).toBeCloseTo(0.1976424, 7);
  expect(spreadOf(40, 16)).toBeCloseTo(1.5811388, 7);
});

test('the bell agrees with scipy', () => {
  expect(bell(0, 0.1875)).toBeCloseTo(2.1276922, 6);
  expect(bell(0.5, 0.1976424)).toBeCloseTo(0.0822789, 6);
  expect(bell(-0.5, 0.1976424)).toBe(bell(0.5, 0.1976424));
});

test('a bell is drawn between the ends, as far as there is something to see', () => {
  const places = placesOf(1, 0.1, -1.1, 1.3);

  expect(places[0]).toBeCloseTo(0.6, 12);
  expect(places.at(-1)).toBeCloseTo(1.3, 12);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(placesOf(1, 0.1, -1.1, 0.5)).toEqual([]);
});

describe('guesses on the rim', () => {
  test('share a ray when they would touch, and stand at their mean', () => {
    const rays = raysOf([44, 46, 90, 45], 5);

    expect(rays).toEqual([
      { angle: 45, count: 3 },
      { angle: 90, count: 1 },
    ]);
  });

  test('few are dots that fit', () => {
    const rim = rimOf([45, 45, 60], 160, 13, 70);

    expect(rim.areDots).toBe(true);
    expect(rim.thick).toBe(13);
    expect(rim.most * rim.each).toBeLessThanOrEqual(70);
  });

  test('a taller stack has smaller dots', () => {
    const rim = rimOf(Array<number>(7).fill(45), 160, 13, 70);

    expect(rim.areDots).toBe(true);
    expect(rim.thick).toBeLessThan(13);
    expect(rim.most * rim.each).toBeLessThanOrEqual(70);
  });

  test('many are bars, the longest as long as there is room', () => {
    const guesses = Array.from({ length: 2000 }, (_, i) => (i % 3 === 0 ? 45 : i % 180));

    const rim = rimOf(guesses, 160, 13, 70);

    expect(rim.areDots).toBe(false);
    expect(rim.rays.reduce((sum, { count }) => sum + count, 0)).toBe(2000);
    expect(rim.most * rim.each).toBeCloseTo(70, 9);
    expect(rim.rays.length).toBeLessThanOrEqual(46);
  });

  test('nobody leaves nothing to draw', () => {
    expect(rimOf([], 160, 13, 70).rays).toEqual([]);
  });
});

test('the average is the mean', () => {
  expect(averageOf([30, 60, 45])).toBe(45);
});

test('numbers are printed with a minus sign and no negative zero', () => {
  expect(printed(-0.75, 2)).toBe('−0.75');
  expect(printed(-0.001, 2)).toBe('0.00');
});
