import { describe, expect, test } from 'vitest';
import { leashesOf, scoresOf, tiltedOf } from './rlhf';

const BASE = [0.2, 0.15, 0.4, 0.25];
const VOTED = [1.201314, 0.210916, -1.255421, -0.156809];

// Computed by lessons/explanations/rlhf.py, whose tests hold it against scipy.
const NUMPY = [
  { beta: 0.1, bonus: 0, chances: [0.99996, 4e-5, 0, 0], kl: 1.60901, scored: 1.20127, preferred: 1.20127 },
  { beta: 1, bonus: 0, chances: [0.56452, 0.15726, 0.09677, 0.18145], kl: 0.39772, scored: 0.56138, preferred: 0.56138 },
  { beta: 1, bonus: 2, chances: [0.28159, 0.57962, 0.04827, 0.09051], kl: 0.68581, scored: 1.54498, preferred: 0.38574 },
  { beta: 100, bonus: 5, chances: [0.2014, 0.15723, 0.39302, 0.24835], kl: 0.00024, scored: 0.52889, preferred: -0.25725 },
];

describe('the tilted model', () => {
  test.each(NUMPY)('at β = $beta and a bonus of $bonus agrees with numpy', ({ beta, bonus, ...numpy }) => {
    const tilted = tiltedOf(BASE, scoresOf(VOTED, bonus, 2), beta);

    expect(tilted.chances.map((chance) => Number(chance.toFixed(5)))).toEqual(numpy.chances);
    for (const key of ['kl', 'scored', 'preferred'] as const) expect(tilted[key]).toBeCloseTo(numpy[key], 5);
  });

  test('is as good as the theorem says: score minus β KL is β ln Z', () => {
    const { kl, scored } = tiltedOf(BASE, scoresOf(VOTED, 0, 2), 0.7);

    const z = VOTED.reduce((sum, score, i) => sum + (BASE[i] ?? 0) * Math.exp(score / 0.7), 0);
    expect(scored - 0.7 * kl).toBeCloseTo(0.7 * Math.log(z), 10);
  });

  test('stays finite where the best score is far ahead', () => {
    const { chances, kl } = tiltedOf([0.001, 0.999], scoresOf([900, -900], 0, 1), 0.1);

    expect(chances).toEqual([1, 0]);
    expect(kl).toBeCloseTo(-Math.log(0.001), 10);
  });
});

test('a bonus is added to one answer, in what the model is trained by only', () => {
  expect(scoresOf([1, 2, 3], 0.5, 3)).toEqual({ voted: [1, 2, 3], trainedBy: [1, 2, 3.5] });
});

describe('the curve of all leashes', () => {
  const leashes = leashesOf(BASE, scoresOf(VOTED, 0, 2));

  test('goes from the base model to the one that says the best answer alone', () => {
    expect(leashes[0]?.kl).toBeLessThan(1e-5);
    expect(leashes.at(-1)?.chances[0]).toBeCloseTo(1, 10);
    expect(leashes.at(-1)?.kl).toBeCloseTo(-Math.log(0.2), 8);
  });

  test('rises and bends down', () => {
    const slopes = leashes.slice(40, 120).map(({ kl, scored }, i) => {
      const after = leashes[41 + i];
      return after ? (after.scored - scored) / (after.kl - kl) : NaN;
    });

    expect(Math.min(...slopes)).toBeGreaterThan(0);
    expect(slopes).toEqual([...slopes].sort((a, b) => b - a));
  });
});
