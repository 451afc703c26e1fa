// How many numbers a transformer of given sizes has, and the squares that stand for them.
import { valueOf, type Knobs } from './drawing';

export interface Sizes {
  layers: number;
  width: number;
  multiple: number;
  vocabulary: number;
}

/** Numbers in a key, a query or a value. */
const HEAD = 128;

/** Whole sizes, also while a knob glides. */
export function sizesOf(knobs: Knobs): Sizes {
  return {
    layers: Math.round(valueOf(knobs, 'layers')),
    width: HEAD * Math.round(valueOf(knobs, 'width') / HEAD),
    multiple: Math.round(valueOf(knobs, 'multiple')),
    vocabulary: Math.round(valueOf(knobs, 'vocabulary')),
  };
}

/** In the order of the picture's kinds: up, down, key, query, value, output, embedding, unembedding. */
export function countsOf({ layers, width, multiple, vocabulary }: Sizes): number[] {
  const square = layers * width * width;
  const up = multiple * square;
  const embedding = vocabulary * width;
  return [up, up, square, square, square, square, embedding, embedding];
}

export function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

export interface Grid {
  /** Numbers that one square stands for: a power of ten. */
  unit: number;
  /** Side of a square with its gap, in CSS pixels. */
  pitch: number;
  columns: number;
}

/**
 * Squares that fill the area with the model the picture starts from, or with a larger one.
 * A smaller one fills it in part, and gets finer squares when it hasn't enough for a row.
 */
export function gridOf(start: number, now: number, width: number, height: number): Grid {
  let unit = 10 ** Math.floor(Math.log10(start / 2000));
  const squares = Math.max(start, now) / unit;
  const columns = Math.max(1, Math.ceil(Math.sqrt((squares * width) / height)));
  while (now / unit < columns && unit > 1) unit /= 10;
  return { unit, pitch: width / columns, columns };
}

export interface Cells {
  column: number;
  row: number;
  columns: number;
  rows: number;
}

/**
 * The squares of each kind as rectangles of cells, rows counted from below.
 *
 * The squares fill the rows evenly, with what is left over on top, so that a kind's width is its share;
 * they are dealt out column by column, so that each kind gets exactly its number.
 */
export function cellsOf(squares: number[], columns: number): Cells[][] {
  const total = sum(squares);
  const full = Math.floor(total / columns);
  const taller = total - full * columns;
  const before = (column: number) => column * full + Math.min(column, taller);
  const columnOf = (square: number) => {
    const high = Math.floor(square / (full + 1));
    return high < taller ? high : taller + Math.floor((square - taller * (full + 1)) / Math.max(1, full));
  };
  let next = 0;
  return squares.map((count) => {
    const [from, to] = [next, (next += count)];
    const cells: Cells[] = [];
    for (let square = from; square < to; ) {
      const column = columnOf(square);
      const row = square - before(column);
      // Whole columns of one height are one rectangle.
      const edge = column < taller ? taller : columns;
      const height = column < taller ? full + 1 : full;
      const whole = row === 0 ? Math.min(edge - column, Math.floor((to - square) / height)) : 0;
      const rows = whole > 0 ? height : Math.min(height - row, to - square);
      cells.push({ column, row, columns: Math.max(1, whole), rows });
      square += rows * Math.max(1, whole);
    }
    return cells;
  });
}
