export const words = {
  dimensions: (d: number) => `${d.toLocaleString('en')} dimensions`,
  unit: 'dimensions',
  share: (share: number) => ofPairs(share),
  near: (degrees: number) => `within ${degrees}° of 90°`,
  flat: 'flat: any angle',
  fan: 'one direction',
  others: (n: number) => `and ${n} others`,
  yours: ({ pairs, near, mean }: { pairs: number; near: number; mean: number }, isNarrow: boolean) => {
    if (isNarrow) return [`yours: ${pairs === 1 ? `${Math.round(mean)}°` : ofPairs(near)}`];
    const found = pairs === 1 ? `${Math.round(mean)}° apart` : `${ofPairs(near)} of ${pairs.toLocaleString('en')} pairs`;
    return ['one direction for each of you:', found];
  },
  guesses: (n: number, average: number) =>
    n === 1 ? `your one guess: ${average}°` : `your ${n.toLocaleString('en')} guesses, on average ${average}°`,
  spoken: (d: number, share: number) =>
    `In ${d.toLocaleString('en')} dimensions, ${ofPairs(share)} of random pairs are within 5 degrees of a right angle.`,
};

/** A tenth of a percent where it matters, and never 100 % unless it is all. */
function ofPairs(share: number): string {
  if (share >= 0.9995) return 'over 99.9\u00a0%';
  return share < 0.985 ? `${Math.round(100 * share)}\u00a0%` : `${(100 * share).toFixed(1)}\u00a0%`;
}
