import { expect, test } from 'vitest';
import cases from './mlp.cases.json';
import { accuracyAt, placesOf, printed, stepsOf, verdictOf, works } from './mlp';

const STRESS = { facts: 10, dimensions: 4, biases: [-2, -1, 0], accuracy: [0.1, 0.9, 0.4], chance: 0.05, stranger_sd: 1 };

test.each(cases)('the browser computes what numpy computes at $knobs', ({ knobs, data }) => {
  const steps = stepsOf(data, knobs.share, knobs.bias);

  for (const step of ['dot', 'after_bias', 'after_relu', 'out'] as const) {
    expect(steps[step].map((row) => row.map((value) => Math.round(value * 1e4) / 1e4 + 0))).toEqual(data[step]);
  }
});

test('a bias works above minus two and up to minus one', () => {
  expect([-2, -1.95, -1, -0.95].map(works)).toEqual([false, true, true, false]);
});

test('accuracy is read on a straight line between two measured biases', () => {
  expect([-2, -1.5, -1, -0.5, 0].map((bias) => Number(accuracyAt(STRESS, bias).toFixed(6)))).toEqual([0.1, 0.5, 0.9, 0.65, 0.4]);
});

test('numbers are set as in a book', () => {
  expect([-1, -0.001, 0.15 + 0.15, 1.256].map(printed)).toEqual(['−1', '0', '0.3', '1.26']);
});

test.each([
  [-1, 'Only Michael Jordan is given basketball.'],
  [-2, 'Too strict: nobody is given basketball.'],
  [-0.5, 'Too lenient: Michael Phelps and Alexis Jordan get basketball.'],
  [0.5, 'Too lenient: everybody gets basketball.'],
])('at a bias of %f it is said who is given basketball', (bias, said) => {
  const { data } = cases[0] ?? { data: null };
  if (!data) throw new Error('There are cases.');

  expect(verdictOf(data.people, stepsOf(data, 1, bias), bias)).toEqual({ said, isRight: bias === -1 });
});

test.each([
  [1800, 563, 40.5],
  [1728, 395, 28.4],
  [660, 330, 16],
  [328, 525, 16],
  [288, 461, 16],
])('on %i x %i pixels the curve has room, and stands below the verdict', (width, height, em) => {
  const { curve, verdict, aside } = placesOf(width, height, em, true);

  expect(curve.height).toBeGreaterThan(1.4 * em);
  expect(curve.y).toBeGreaterThan(verdict.y);
  expect(curve.x + curve.width).toBeLessThanOrEqual(width);
  expect(aside.x + aside.width).toBeLessThanOrEqual(width);
});
