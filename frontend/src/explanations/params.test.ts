import { describe, expect, test } from 'vitest';
import { cellsOf, countsOf, gridOf, sizesOf, squaresOf, sum } from './params';

// Computed by lessons/explanations/params.py, whose tests count matrix by matrix.
const NUMPY = [
  {
    sizes: { layers: 96, width: 12_288, multiple: 4, vocabulary: 50_257 },
    counts: [57982058496, 57982058496, 14495514624, 14495514624, 14495514624, 14495514624, 617558016, 617558016],
  },
  {
    sizes: { layers: 7, width: 640, multiple: 3, vocabulary: 32_001 },
    counts: [8601600, 8601600, 2867200, 2867200, 2867200, 2867200, 20480640, 20480640],
  },
  {
    sizes: { layers: 128, width: 16_384, multiple: 8, vocabulary: 1_000_000 },
    counts: [274877906944, 274877906944, 34359738368, 34359738368, 34359738368, 34359738368, 16384000000, 16384000000],
  },
];

test.each(NUMPY)('counts what numpy counts for $sizes', ({ sizes, counts }) => {
  expect(countsOf(sizes)).toEqual(counts);
});

test('GPT-3 has its exact number', () => {
  expect(sum(NUMPY[0]?.counts ?? [])).toBe(175_181_291_520);
});

test('sizes are whole while the knobs glide', () => {
  expect(sizesOf({ layers: 3.4, width: 12_300, multiple: 3.6, vocabulary: 50_256.7 })).toEqual({
    layers: 3,
    width: 12_288,
    multiple: 4,
    vocabulary: 50_257,
  });
});

describe('the grid', () => {
  const gpt3 = NUMPY[0]?.counts ?? [];
  const times = (factor: number) => gpt3.map((count) => factor * count);

  test('lets GPT-3 fill the area with squares for ten million each', () => {
    const { unit, pitch, columns } = gridOf(gpt3, gpt3, 1200, 400);
    const squares = sum(squaresOf(gpt3, unit));

    // 5798 twice, 1450 four times, 62 twice: 73 full rows.
    expect({ unit, columns, squares }).toEqual({ unit: 1e7, columns: 240, squares: 17_520 });
    expect(columns * pitch).toBeCloseTo(1200, 9);
    expect((squares / columns) * pitch).toBeLessThanOrEqual(400);
    expect((squares / columns) * pitch).toBeGreaterThan(360);
  });

  test('keeps its squares when the model is smaller, and shrinks them when it is larger', () => {
    const [half, whole, fourfold] = [0.5, 1, 4].map((factor) => gridOf(gpt3, times(factor), 1200, 400));

    expect(half).toEqual(whole);
    expect(fourfold?.unit).toBe(whole?.unit);
    expect((fourfold?.columns ?? 0) / (whole?.columns ?? 1)).toBeCloseTo(2, 0);
  });

  test('takes finer squares for a model that has not enough for a row', () => {
    const { unit, columns } = gridOf(gpt3, times(0.01), 1200, 400);

    expect(unit).toBe(1e6);
    expect(sum(times(0.01)) / unit).toBeGreaterThan(columns);
  });
});

describe('the squares', () => {
  const numbers = [[5798, 5798, 1450, 1450, 1450, 1450, 62, 62], [7, 0, 3, 1], [24], [10, 10, 4], [3, 2, 40, 0, 1]];

  test.each(numbers.map((squares) => ({ squares })))('of $squares are as many, each in its own place', ({ squares }) => {
    for (const columns of [1, 5, 24, 240]) {
      const places = cellsOf(squares, columns).map((cells) =>
        cells.flatMap(({ column, row, rows }) => Array.from({ length: rows }, (_, i) => ({ column, row: row + i }))),
      );
      const all = places.flat();
      const low = Math.floor(all.length / columns);

      expect(places.map((place) => place.length)).toEqual(squares);
      expect(new Set(all.map(({ column, row }) => `${column} ${row}`)).size).toBe(all.length);
      expect(Math.max(...all.map(({ column }) => column))).toBeLessThan(columns);
      // Every row is full, but for the topmost.
      expect(all.filter(({ row }) => row < low).length).toBe(low * columns);
      expect(Math.max(...all.map(({ row }) => row))).toBeLessThanOrEqual(low);
    }
  });

  test.each([1, 1.3, 80])('of one kind are as wide as its share, with %s rows too', (rows) => {
    const squares = [0.662, 0.331, 0.007].map((share) => Math.round(share * 229 * rows));
    const ends = cellsOf(squares, 229).map((cells) => (cells.at(-1)?.column ?? 0) + 1);

    for (const [i, share] of [0.662, 0.993, 1].entries()) expect(Math.abs((ends[i] ?? 0) - share * 229)).toBeLessThan(1.5);
  });
});
