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

/** How many squares each kind gets. */
export function squaresOf(counts: number[], unit: number): number[] {
  return counts.map((count) => Math.round(count / unit));
}

/**
 * Squares that fill the area with the model the picture starts from, or with a larger one.
 * A smaller one fills it in part, and gets finer squares when it hasn't enough for a row.
 */
export function gridOf(start: number[], now: number[], width: number, height: number): Grid {
  let unit = 10 ** Math.floor(Math.log10(sum(start) / 2000));
  const fullest = sum(now) > sum(start) ? now : start;
  const squares = sum(squaresOf(fullest, unit));
  const fewest = Math.max(1, Math.ceil(Math.sqrt((squares * width) / height)));
  // Of some numbers of columns that would do, the one that leaves the fewest gaps in the topmost row.
  const gaps = (columns: number) => (columns - (squares % columns)) % columns;
  const columns = Array.from({ length: Math.ceil(fewest / 20) }, (_, i) => fewest + i).reduce((best, columns) =>
    gaps(columns) < gaps(best) ? columns : best,
  );
  while (sum(now) / unit < columns && unit > 1) unit /= 10;
  return { unit, pitch: width / columns, columns };
}

export interface Cells {
  column: number;
  row: number;
  rows: number;
}

/**
 * The squares of each kind, piled up in columns, rows counted from below.
 *
 * All columns are equally high but for one square, so that a kind's width is its share;
 * the squares are dealt out column by column, so that each kind gets exactly its number.
 */
export function cellsOf(squares: number[], columns: number): Cells[][] {
  const total = sum(squares);
  const before = (column: number) => Math.floor((column * total) / columns);
  let next = 0;
  return squares.map((count) => {
    const [from, to] = [next, (next += count)];
    const cells: Cells[] = [];
    for (let square = from; square < to; ) {
      const column = Math.ceil(((square + 1) * columns) / total) - 1;
      const rows = Math.min(to, before(column + 1)) - square;
      cells.push({ column, row: square - before(column), rows });
      square += rows;
    }
    return cells;
  });
}
