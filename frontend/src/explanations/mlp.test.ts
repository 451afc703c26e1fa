import { expect, test } from 'vitest';
import cases from './mlp.cases.json';
import { accuracyAt, printed, stepsOf, works } from './mlp';

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
