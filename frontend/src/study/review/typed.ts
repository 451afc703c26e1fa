// What can be typed for a card, and whether what was typed is right.

import { typedNumber } from '../../player/number';
import { compared } from '../../shared/typed';
import type { AskedCard } from '../messages.gen';

/** Null where nothing is typed. */
export function typedAs(card: AskedCard): 'text' | 'number' | null {
  if (card.question?.key.number != null) return 'number';
  return textsOf(card).length > 0 ? 'text' : null;
}

/** The texts that are right if typed. */
export function textsOf(card: AskedCard): string[] {
  return card.face?.typed ?? card.question?.key.accepted ?? [];
}

/** Null where nothing was typed, or nothing can be. */
export function isTypedRight(card: AskedCard, typed: string): boolean | null {
  if (typed.trim() === '') return null;
  const { number, tolerance } = card.question?.key ?? { number: null, tolerance: 0 };
  if (number !== null) {
    const told = typedNumber(typed);
    // The slack is for binary fractions: 0.3 is within 0.1 of 0.2.
    return told !== null && Math.abs(told - number) <= tolerance + 1e-9 * Math.max(1, Math.abs(number));
  }
  const texts = textsOf(card);
  return texts.length === 0 ? null : compared(typed, texts, card.question?.typos ?? true).isRight;
}
