import { describe, expect, test } from 'vitest';
import { anglesToDraw, lawOf } from './law';

// Computed by lessons/explanations/angles.py, whose tests hold them against scipy.
const NEAR = { 2: 0.055556, 3: 0.087156, 10: 0.201129, 30: 0.358935, 100: 0.613868, 1000: 0.994207, 12288: 1 };

describe('the law of the angle', () => {
  test.each(Object.entries(NEAR))('in %s dimensions agrees with numpy', (dimensions, near) => {
    expect(lawOf(Number(dimensions)).near(5)).toBeCloseTo(near, 4);
  });

  test('is flat in the plane, edges included', () => {
    const { density } = lawOf(2);

    for (const angle of [0, 1, 90, 179, 180]) expect(density(angle)).toBeCloseTo(1 / 180, 10);
  });

  test('is half the sine in space, per radian', () => {
    const { density } = lawOf(3);

    for (const angle of [30, 90, 150]) {
      expect(density(angle)).toBeCloseTo((Math.sin((angle * Math.PI) / 180) / 2) * (Math.PI / 180), 7);
    }
    expect(density(0)).toBeCloseTo(0, 12);
  });

  test('has the quantiles of a sphere: in space the cosine is uniform', () => {
    const { quantile } = lawOf(3);

    expect(quantile(0.5)).toBe(90);
    expect(quantile(0.25)).toBeCloseTo(60, 3);
    expect(quantile(0.75)).toBeCloseTo(120, 3);
  });

  test('glides between two whole dimensions', () => {
    expect(lawOf(2.5).near(5)).toBeGreaterThan(lawOf(2).near(5));
    expect(lawOf(2.5).near(5)).toBeLessThan(lawOf(3).near(5));
  });
});

test('the curve is drawn from end to end, left to right', () => {
  for (const dimensions of [2, 100, 12_288]) {
    const angles = anglesToDraw(dimensions);

    expect([angles[0], angles.at(-1)]).toEqual([0, 180]);
    expect(angles).toEqual([...angles].sort((a, b) => a - b));
    expect(angles).toContain(90);
  }
});
