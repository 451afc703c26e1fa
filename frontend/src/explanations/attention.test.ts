import { expect, test } from 'vitest';
import { JORDAN, MICHAEL, percent, seenBy, sharesOf } from './attention';
import cases from './attention.cases.json';

const ASKS_FOR = { asks_for: [0, 0, 1, 3, 2, 4] };

test.each(cases)('the browser shares out as numpy does at $knobs', ({ knobs, data }) => {
  const shares = sharesOf(data, knobs.match, knobs.temperature);

  for (const [asker, row] of shares.entries()) {
    for (const [token, share] of row.entries()) expect(share).toBeCloseTo(data.shares[asker]?.[token] ?? NaN, 5);
    const { word, told } = seenBy(asker, row);
    expect(word + told).toBeCloseTo(data.seen[asker] ?? NaN, 5);
  }
});

test('the share of a match is the logistic function of match over temperature', () => {
  expect(sharesOf(ASKS_FOR, 2, 1)[JORDAN]?.[MICHAEL]).toBeCloseTo(0.880797, 6);
  expect(sharesOf(ASKS_FOR, 4, 2)).toEqual(sharesOf(ASKS_FOR, 2, 1));
  expect(sharesOf(ASKS_FOR, 0, 1)[JORDAN]).toEqual([0.5, 0.5, 0, 0, 0, 0]);
});

test('a share is never said to be all or nothing unless it is', () => {
  expect([0, 0.001, 0.0051, 0.8808, 0.9951, 1].map(percent)).toEqual([
    '0\u00a0%',
    '<\u202f1\u00a0%',
    '1\u00a0%',
    '88\u00a0%',
    '>\u202f99\u00a0%',
    '100\u00a0%',
  ]);
});
