import type { CloudWord } from '../protocol.gen';

/** A word in its place: `x`, `y` its middle, `size` its type's height; the cloud's middle is 0, 0. */
export interface PlacedWord extends CloudWord {
  x: number;
  y: number;
  size: number;
  width: number;
}

interface Sheet {
  width: number;
  height: number;
  /** The type's height of a word that was said once, and of the commonest. */
  smallest: number;
  largest: number;
}

const LINE = 1.12; // Of the type's height, descenders included.
const GAP = 0.3; // Between words, of the smaller one's type.
const STEP = 0.1; // Of an angle, in radians.

const MOST_WORDS = 100;
const SHRINKS = 0.85;

/**
 * The words around the middle, the commonest in it and largest, none over another. The large ones give
 * way until all have room; those that find none even then are left out. The same words always lie the same.
 *
 * Each word walks along a spiral until it is free: J. Feinberg, Wordle, in Beautiful Visualization
 * (2010). `emsOf` measures a text, in heights of its type.
 */
export function cloudOf(words: readonly CloudWord[], sheet: Sheet, emsOf: (text: string) => number): PlacedWord[] {
  const commonestFirst = [...words].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1)).slice(0, MOST_WORDS);
  for (let largest = sheet.largest; largest > sheet.smallest; largest *= SHRINKS) {
    const placed = placedAround(commonestFirst, { ...sheet, largest }, emsOf, true);
    if (placed.length === commonestFirst.length) return placed;
  }
  return placedAround(commonestFirst, { ...sheet, largest: sheet.smallest }, emsOf, false);
}

function placedAround(commonestFirst: readonly CloudWord[], sheet: Sheet, emsOf: (text: string) => number, allOrNone: boolean): PlacedWord[] {
  const most = commonestFirst[0]?.count ?? 1;
  const placed: PlacedWord[] = [];
  for (const word of commonestFirst) {
    const ems = emsOf(word.text);
    const size = Math.min(sizeOf(word.count, most, sheet), (0.94 * sheet.width) / ems);
    const free = firstFree({ ...word, x: 0, y: 0, size, width: ems * size }, placed, sheet);
    if (free !== null) placed.push(free);
    else if (allOrNone) return [];
  }
  return placed;
}

/** The area of a word grows with its count. */
function sizeOf(count: number, most: number, { smallest, largest }: Sheet): number {
  if (most <= 1) return (smallest + largest) / 2;
  return smallest + (largest - smallest) * Math.sqrt((count - 1) / (most - 1));
}

function firstFree(word: PlacedWord, placed: readonly PlacedWord[], sheet: Sheet): PlacedWord | null {
  // As wide as the sheet is wider than high.
  const flat = sheet.height / sheet.width;
  for (let angle = 0; ; angle += STEP) {
    const radius = 0.008 * sheet.width * angle;
    if (radius > sheet.width) return null;
    const at = { ...word, x: radius * Math.cos(angle), y: radius * flat * Math.sin(angle) };
    if (isOn(sheet, at) && !placed.some((other) => overlap(at, other))) return at;
  }
}

function isOn(sheet: Sheet, word: PlacedWord): boolean {
  return (
    Math.abs(word.x) + word.width / 2 <= sheet.width / 2 && Math.abs(word.y) + (LINE * word.size) / 2 <= sheet.height / 2
  );
}

export function overlap(one: PlacedWord, other: PlacedWord): boolean {
  const gap = GAP * Math.min(one.size, other.size);
  return (
    Math.abs(one.x - other.x) < (one.width + other.width) / 2 + gap &&
    Math.abs(one.y - other.y) < (LINE * (one.size + other.size)) / 2
  );
}
