import { describe, expect, test } from 'vitest';
import { cellsOf, countsOf, gridOf, sizesOf, sum } from './params';

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
  test('lets GPT-3 fill the area with squares for ten million each', () => {
    const { unit, pitch, columns } = gridOf(175_181_291_520, 175_181_291_520, 1200, 400);

    expect({ unit, columns }).toEqual({ unit: 1e7, columns: 230 });
    expect(columns * pitch).toBeCloseTo(1200, 9);
    expect((17_518 / columns) * pitch).toBeLessThanOrEqual(400);
    expect((17_518 / columns) * pitch).toBeGreaterThan(395);
  });

  test('keeps its squares when the model is smaller, and shrinks them when it is larger', () => {
    const [half, whole, double] = [1, 2, 4].map((times) => gridOf(175e9, times * 87e9, 1200, 400));

    expect(half).toEqual(whole);
    expect(double?.unit).toBe(whole?.unit);
    expect(double?.pitch).toBeCloseTo((whole?.pitch ?? 0) / Math.SQRT2, 1);
  });

  test('takes finer squares for a model that has not enough for a row', () => {
    const { unit, columns } = gridOf(175e9, 1.6e9, 1200, 400);

    expect(unit).toBe(1e6);
    expect(1.6e9 / unit).toBeGreaterThan(columns);
  });
});

describe('the squares', () => {
  const numbers = [[5798, 5798, 1450, 1450, 1449, 1449, 62, 62], [7, 0, 3, 1], [24], [10, 10, 4], [3, 2, 40, 0, 1]];

  test.each(numbers.map((squares) => ({ squares })))('of $squares are as many, each in its own place', ({ squares }) => {
    for (const columns of [1, 5, 24]) {
      const places = cellsOf(squares, columns).map((rectangles) =>
        rectangles.flatMap(({ column, row, columns, rows }) =>
          Array.from({ length: columns * rows }, (_, i) => `${column + (i % columns)} ${row + Math.floor(i / columns)}`),
        ),
      );
      const all = places.flat();

      expect(places.map((place) => place.length)).toEqual(squares);
      expect(new Set(all).size).toBe(all.length);
      // Every row below the topmost is full, and nothing is beside the grid.
      const full = Math.floor(sum(squares) / columns);
      const rows = all.map((place) => Number(place.split(' ')[1]));
      expect(Math.max(...all.map((place) => Number(place.split(' ')[0])))).toBeLessThan(columns);
      expect(Math.max(...rows)).toBeLessThanOrEqual(full);
      expect(rows.filter((row) => row < full).length).toBe(full * columns);
    }
  });

  test('of one kind are as wide as its share', () => {
    const [first = []] = cellsOf([6620, 3380], 100);

    expect(first).toEqual([
      { column: 0, row: 0, columns: 66, rows: 100 },
      { column: 66, row: 0, columns: 1, rows: 20 },
    ]);
  });
});
