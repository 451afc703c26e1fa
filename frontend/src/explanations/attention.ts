// How attention is shared out, in closed form: one match among tokens that score 0.
import type { AttentionResult } from './data.gen';

/** Rows of shares that add up to 1: of each token for itself and those before it, 0 for those after it. */
export function sharesOf({ asks_for }: Pick<AttentionResult, 'asks_for'>, match: number, temperature: number): number[][] {
  return asks_for.map((asked, asker) => {
    const others = asker;
    const isMatch = asked !== asker;
    const share = 1 / (1 + others * Math.exp(isMatch ? -match / temperature : 0));
    return asks_for.map((_, token) => {
      if (token > asker) return 0;
      return token === asked ? share : (1 - share) / others;
    });
  });
}

/** What the neuron that asks for Michael + Jordan sees: of the word itself, and of what it was told. */
export function seenBy(asker: number, shares: readonly number[]): { word: number; told: number } {
  return { word: asker === JORDAN ? 1 : 0, told: shares[MICHAEL] ?? 0 };
}

export const MICHAEL = 0;
export const JORDAN = 1;

/** As a share is read: never 100 % unless it is all, nor 0 % unless it is nothing. */
export function percent(share: number): string {
  if (share > 0.995 && share < 1) return '>\u202f99\u00a0%';
  if (share > 0 && share < 0.005) return '<\u202f1\u00a0%';
  return `${Math.round(100 * share)}\u00a0%`;
}
