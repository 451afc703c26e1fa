// What this browser keeps of a deck between visits.
import type { Direction } from './order';

export interface Options {
  direction: Direction;
  isShuffled: boolean;
  onlyUnknown: boolean;
  isTyping: boolean;
  /** Decides the shuffled order, and which side asks where both do. */
  seed: number;
}

export interface Kept {
  options: Options;
  /** Where one was: a card's number and its face. */
  at: [number, string] | null;
  /** The cards known when this browser last heard of it. */
  known: number[];
  /** Marks that the server hasn't got yet, by card. */
  unsaved: [number, boolean][];
}

export function freshSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}

/** What was kept, as far as it makes sense; the rest as on a first visit. */
export function read(slug: string): Kept {
  const kept: Record<string, unknown> = record(parsed(localStorage.getItem(name(slug))));
  const options = record(kept.options);
  const { direction, seed } = options;
  return {
    options: {
      direction: direction === 'backward' || direction === 'mixed' ? direction : 'forward',
      isShuffled: options.isShuffled === true,
      onlyUnknown: options.onlyUnknown === true,
      isTyping: options.isTyping === true,
      seed: typeof seed === 'number' && Number.isSafeInteger(seed) ? seed : freshSeed(),
    },
    at: isPair(kept.at, 'string') ? kept.at : null,
    known: Array.isArray(kept.known) ? kept.known.filter((card) => typeof card === 'number') : [],
    unsaved: Array.isArray(kept.unsaved) ? kept.unsaved.filter((mark) => isPair(mark, 'boolean')) : [],
  };
}

/** Where the browser keeps nothing, as in a private window, a visit is a first one. */
export function keep(slug: string, kept: Kept): void {
  try {
    localStorage.setItem(name(slug), JSON.stringify(kept));
  } catch {
    // Studying goes on all the same.
  }
}

function name(slug: string): string {
  return `study:flashcards:${slug}`;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isPair(value: unknown, second: 'string'): value is [number, string];
function isPair(value: unknown, second: 'boolean'): value is [number, boolean];
function isPair(value: unknown, second: string): boolean {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === second;
}
