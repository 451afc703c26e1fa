import { describe, expect, test } from 'vitest';
import { enough, lawOf, lemma } from './jl';

// Computed by lessons/explanations/jl.py, whose tests hold them against scipy and scikit-learn.
const INSIDE = {
  1: [0.048394, 0.096788, 0.483461],
  2: [0.073515, 0.146661, 0.673402],
  10: [0.174159, 0.34065, 0.978125],
  100: [0.520005, 0.84282, 1],
  192: [0.672646, 0.950146, 1],
  1000: [0.974684, 0.999992, 1],
};
// By scipy.stats.chi, over the root of k: quantiles at 2.5, 50 and 97.5 %, density at 1.
const QUANTILES = {
  1: [0.03134, 0.67449, 2.2414],
  2: [0.15912, 0.83255, 1.92065],
  10: [0.56982, 0.96653, 1.43119],
  192: [0.9, 0.99826, 1.09987],
  1000: [0.95617, 0.99967, 1.04381],
};
const DENSITY = { 1: 0.48394, 2: 0.73576, 10: 1.75467, 192: 7.81086, 1000: 17.83827 };

describe('the law of a distance after the squeeze', () => {
  test.each(Object.entries(INSIDE))('keeps as many with %s dimensions as numpy says', (kept, shares) => {
    const { inside } = lawOf(Number(kept));

    for (const [i, tolerance] of [0.05, 0.1, 0.5].entries()) expect(inside(tolerance)).toBeCloseTo(shares[i] ?? NaN, 4);
  });

  test.each(Object.entries(QUANTILES))('has the quantiles of chi with %s degrees of freedom', (kept, expected) => {
    const { quantile } = lawOf(Number(kept));

    for (const [i, share] of [0.025, 0.5, 0.975].entries()) expect(quantile(share)).toBeCloseTo(expected[i] ?? NaN, 3);
  });

  test.each(Object.entries(DENSITY))('has its density with %s', (kept, expected) => {
    expect(lawOf(Number(kept)).density(1) / expected).toBeCloseTo(1, 4);
  });

  test.each([1, 2, 5, 192, 1000])('is highest at its peak with %i', (kept) => {
    const { density, peak } = lawOf(kept);
    const ratios = Array.from({ length: 2000 }, (_, i) => i / 1000);

    expect(Math.max(...ratios.map(density)) / peak).toBeCloseTo(1, 3);
  });

  test('glides between two whole dimensions', () => {
    expect(lawOf(1.5).inside(0.1)).toBeGreaterThan(lawOf(1).inside(0.1));
    expect(lawOf(1.5).inside(0.1)).toBeLessThan(lawOf(2).inside(0.1));
    expect(lawOf(1.5).density(0)).toBe(0);
    expect(lawOf(1).density(-0.1)).toBe(0);
  });
});

test.each([
  [0.5, 8],
  [0.2, 48],
  [0.1, 192],
  [0.05, 768],
  [0.01, 19_207],
])('within %f, 95 of 100 take %i dimensions, as numpy says', (tolerance, kept) => {
  expect(enough(0.95, tolerance)).toBe(kept);
});

test.each([
  [100, 0.1, 1169],
  [500, 0.01, 127_233],
  [500, 0.1, 1577],
  [500, 0.5, 177],
  [600, 0.1, 1624],
])('the lemma asks for %i points within %f what numpy says', (points, tolerance, kept) => {
  expect(lemma(points, tolerance)).toBe(kept);
});
