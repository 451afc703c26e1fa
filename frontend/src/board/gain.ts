import type { RoundResult } from '../protocol.gen';

/** What the talk between two votes was worth: shares of right answers, from 0 to 1. */
export interface Gain {
  before: number;
  after: number;
  /** Null where nothing was left to gain. */
  normalised: number | null;
}

/** Null where the room voted once, or one of the votes was empty. */
export function gainOf(result: RoundResult): Gain | null {
  const { first } = result;
  if (first === null || first.answered === 0 || result.answered === 0) return null;
  const before = first.right_count / first.answered;
  const after = result.right_count / result.answered;
  return { before, after, normalised: normalisedGain(before, after) };
}

/**
 * The part of what could be gained that was gained: (after - before) / (1 - before).
 * R. R. Hake, Interactive-engagement versus traditional methods, Am. J. Phys. 66, 64 (1998).
 */
export function normalisedGain(before: number, after: number): number | null {
  return before >= 1 ? null : (after - before) / (1 - before);
}
