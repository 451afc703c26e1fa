import { describe, expect, test } from 'vitest';
import { courseOf, STEPS, stepsToDraw, valueAtStep } from './nextword';

const SHARES = [17, 5, 3, 2, 1, 0].map((votes) => votes / 28);

// Computed by lessons/explanations/nextword.py, whose tests hold it against a slow loop over every token:
// at steps 1, 10, 100 and 1000 the loss, the chance of the first word and that of the others together.
const NUMPY = [
  { rate: 0.1, others: 50_251, losses: [10.82491, 10.4484, 6.69893, 1.65347], first: [2e-5, 3e-5, 0.00795, 0.59452], last: [0.99988, 0.99986, 0.99179, 0.17615] },
  { rate: 1, others: 50_251, losses: [10.82491, 7.06771, 1.65995, 1.16379], first: [2e-5, 0.00465, 0.59451, 0.6059], last: [0.99988, 0.99511, 0.17733, 0.00632] },
  { rate: 10, others: 50_251, losses: [10.82491, 1.87427, 1.78244, 1.78224], first: [2e-5, 0.36887, 0.14864, 0.14752], last: [0.99988, 0.36664, 0.00987, 0.00082] },
  { rate: 1, others: 0, losses: [1.79176, 1.21716, 1.16509, 1.15825], first: [0.16667, 0.5761, 0.60572, 0.60698], last: [0, 0, 0, 0] },
];

describe('descent on votes', () => {
  test.each(NUMPY)('at rate $rate with $others others agrees with numpy', ({ rate, others, losses, first, last }) => {
    const course = courseOf(SHARES, others, rate);
    const at = (values: Float64Array | undefined) =>
      [1, 10, 100, 1000].map((step) => Number(valueAtStep(values ?? new Float64Array(), step).toFixed(5)));

    expect(at(course.losses)).toEqual(losses);
    expect(at(course.chances[0])).toEqual(first);
    expect(at(course.chances.at(-1))).toEqual(last);
  });

  test('at every step the chances add up to one, and none is nothing', () => {
    const { chances } = courseOf(SHARES, 50_251, 4);

    for (const step of [0, 7, 40, STEPS - 1]) {
      const now = chances.map((word) => word[step] ?? 0);
      expect(now.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...now)).toBeGreaterThan(0);
    }
  });

  test('falls at every step below a rate of four and overshoots at ten', () => {
    const rises = (rate: number) =>
      courseOf(SHARES, 50_251, rate).losses.some((loss, i, all) => loss > (all[i - 1] ?? Infinity) + 1e-12);

    expect([0.1, 1, 3.9, 10].map(rises)).toEqual([false, false, false, true]);
  });
});

test('between two steps, and beyond the ends, a value is read on a straight line', () => {
  const values = Float64Array.of(4, 2, 1);

  expect([0, 1, 1.5, 2, 2.25, 3, 9].map((step) => valueAtStep(values, step))).toEqual([4, 4, 3, 2, 1.75, 1, 1]);
});

test('the curve is drawn from the first step to the last, forwards, and through both of two neighbours', () => {
  const steps = stepsToDraw();

  expect([steps[0], steps.at(-1)]).toEqual([1, STEPS]);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps.filter((step, i) => step - (steps[i - 1] ?? step) === 1).length).toBeGreaterThan(140);
});
