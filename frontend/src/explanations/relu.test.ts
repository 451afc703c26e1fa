import { describe, expect, test } from 'vitest';
import { barsOf, curveOf, keptOf, outputOf, precise, printed, toneOf } from './relu';
import { words } from './words/relu';

const [RELU, GELU, SILU] = [0, 1, 2];

// Computed by lessons/explanations/relu.py, whose tests hold them against scipy.
const NUMPY = [
  { x: -3, gelu: -0.0040497, silu: -0.1422776 },
  { x: -1, gelu: -0.1586553, silu: -0.2689414 },
  { x: -0.751792, gelu: -0.1699712, silu: -0.2408974 },
  { x: -0.05, gelu: -0.0240031, silu: -0.0243751 },
  { x: 0, gelu: 0, silu: 0 },
  { x: 0.3, gelu: 0.1853734, silu: 0.1723328 },
  { x: 1, gelu: 0.8413447, silu: 0.7310586 },
  { x: 2.5, gelu: 2.4844758, silu: 2.3103545 },
];

describe('the functions', () => {
  test.each(NUMPY)('agree with numpy at $x', ({ x, gelu, silu }) => {
    expect(outputOf(GELU, x)).toBeCloseTo(gelu, 6);
    expect(outputOf(SILU, x)).toBeCloseTo(silu, 6);
    expect(outputOf(RELU, x) + 0).toBe(Math.max(0, x));
  });

  test('keep all, nothing or half', () => {
    expect([keptOf(RELU, -0.01), keptOf(RELU, 0.01)]).toEqual([0, 1]);
    for (const f of [GELU, SILU]) {
      expect(keptOf(f, 0)).toBeCloseTo(0.5, 6);
      expect(keptOf(f, 1.3) + keptOf(f, -1.3)).toBeCloseTo(1, 6);
    }
  });
});

test('the curve goes from end to end and has its corner at 0', () => {
  const curve = curveOf(RELU, -3.3, 2.62);
  const places = curve.map(([x]) => x);

  expect([places[0], places.at(-1)]).toEqual([-3.3, 2.62]);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).toContain(0);
  for (const [x, value] of curve) expect(value).toBeCloseTo(Math.max(0, x), 12);
});

test('many guesses are bars by tenths, the most frequent as long as there is room', () => {
  const bars = barsOf([-1, -0.98, -1, 0, 0.04], (value) => 100 - 50 * value, 90);

  expect(bars.split('Z').filter(Boolean)).toEqual(['M148,0h4v90h-4', 'M98,0h4v60h-4']);
});

test('numbers are printed as in a book, and a small rest not as nothing', () => {
  expect([-0.158655, -0.0040497, -0, 2].map(printed)).toEqual(['−0.16', '0', '0', '2']);
  expect([-0.158655, -0.0040497, -0.0000001, 0].map(precise)).toEqual(['−0.16', '−0.004', '0', '0']);
});

test('what is printed as nothing stops', () => {
  expect([0.2, -0.16, -0.0049, 0].map(toneOf)).toEqual(['passes', 'leaks', 'stops', 'stops']);
});

test('shares have a digit more where it counts', () => {
  expect([0, 0.00135, 0.158655, 0.5, 0.924, 1].map(words.percent)).toEqual(
    ['0', '0.1', '16', '50', '92.4', '100'].map((share) => `${share}\u00a0%`),
  );
});

test('who passes and who leaks is said in a sentence', () => {
  expect([[], ['Ada'], ['Ada', 'Ben']].map(words.passing)).toEqual(['Nobody passes.', 'Only Ada passes.', 'Two people pass.']);
  expect([['Ada'], ['Ada', 'Ben', 'Eva']].map(words.leaking)).toEqual([
    'Ada leaks a little anti-basketball.',
    'Three people leak a little anti-basketball.',
  ]);
});
