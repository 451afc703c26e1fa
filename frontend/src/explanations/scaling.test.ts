import { describe, expect, test } from 'vitest';
import { bestOf, contourOf, endlessOf, lossOf, tokensFor } from './scaling';

const LAW = { e: 1.69, a: 406.4, alpha: 0.34, b: 410.7, beta: 0.28 };

// Computed by lessons/explanations/scaling.py, whose tests hold them against scipy.
describe('agrees with numpy', () => {
  test.each([
    { parameters: 175, tokens: 300, loss: 2.0023 },
    { parameters: 280, tokens: 300, loss: 1.9933 },
    { parameters: 70, tokens: 1400, loss: 1.9366 },
    { parameters: 1, tokens: 300, loss: 2.2951 },
    { parameters: 10, tokens: 300, loss: 2.1029 },
  ])('on the loss of $parameters billion parameters, $tokens billion tokens', ({ loss, ...model }) => {
    expect(lossOf(LAW, model)).toBeCloseTo(loss, 4);
  });

  test('on what endlessly many parameters leave', () => {
    expect(endlessOf(LAW, 300)).toBeCloseTo(1.9411, 4);
  });

  test('on the lowest point of equal compute', () => {
    const best = bestOf(LAW, 588);

    expect(best.parameters).toBeCloseTo(32.49, 1);
    expect(best.tokens / 3016).toBeCloseTo(1, 2);
    expect(lossOf(LAW, best)).toBeCloseTo(1.93, 4);
  });
});

test('Chinchilla took 588 times 10^21 operations', () => {
  expect(tokensFor(588, 70)).toBeCloseTo(1400, 9);
});

test.each([1, 588, 10_000])('no other size does better for compute %s', (compute) => {
  const { parameters } = bestOf(LAW, compute);
  const at = (size: number) => lossOf(LAW, { parameters: size, tokens: tokensFor(compute, size) });

  for (const factor of [0.5, 0.99, 1.01, 2]) expect(at(parameters * factor)).toBeGreaterThan(at(parameters));
});

test.each([1.75, 2, 3])('every model of a contour has the loss %s, and more parameters need fewer tokens', (loss) => {
  const contour = contourOf(LAW, loss);

  for (const model of contour) expect(lossOf(LAW, model)).toBeCloseTo(loss, 9);
  for (const axis of ['parameters', 'tokens'] as const) {
    const along = contour.map((model) => model[axis]);
    const sorted = [...along].sort((a, b) => (axis === 'tokens' ? a - b : b - a));
    expect(along).toEqual(sorted);
  }
  expect(contour[0]?.parameters).toBeGreaterThan(1e5);
  expect(contour.at(-1)?.tokens).toBeGreaterThan(1e6);
});
