export const words = {
  squeeze: (before: number, kept: number) => `${whole(before)} → ${dimensions(kept)}`,
  share: (share: number, tolerance: number) => `${of(share)} distances stay within ±${percent(tolerance)}`,
  change: (change: number) => `${change < 0 ? '−' : '+'}${percent(Math.abs(change))}`,
  within: (tolerance: number) => `±${percent(tolerance)}`,
  first: (kept: number) => `k = ${kept}`,
  kept: 'dimensions kept',
  pairs: (pairs: number) => `all ${whole(pairs)} pairs`,
  pairsShort: 'all pairs',
  enough: (kept: number) => `95 of 100: k ≥ ${whole(kept)}`,
  lemma: (kept: number) => `all (lemma): k ≥ ${whole(kept)}`,
  lemmaShort: (kept: number) => `lemma: k ≥ ${whole(kept)}`,
  guesses: (n: number, middle: number) =>
    n === 1 ? `your one guess: ${whole(middle)}` : `your ${whole(n)} guesses, the middle one ${whole(middle)}`,
  spoken: (kept: number, share: number, tolerance: number, enough: number) =>
    `With ${dimensions(kept)} kept, ${of(share)} distances change by less than ${percent(tolerance)}. 95 of 100 do from ${whole(enough)} dimensions on.`,
};

function dimensions(n: number): string {
  return n === 1 ? '1 dimension' : `${whole(n)} dimensions`;
}

/** In a hundred, then in a thousand, and never all of them. */
function of(share: number): string {
  if (share >= 0.9995) return 'nearly all';
  return share < 0.985 ? `${Math.round(100 * share)} of 100` : `${Math.round(1000 * share)} of 1,000`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)}\u00a0%`;
}

function whole(n: number): string {
  return Math.round(n).toLocaleString('en');
}
