export const words = {
  random: 'random',
  nudged: 'nudged apart',
  video: 'the video',
  worst: (angle: number) => `worst pair ${angle.toFixed(1)}°`,
  near: (share: number) => `${percent(share)} within 1°`,
  wings: (share: number) => `${percent(share)} at 0° or 180°`,
  /** The limit is told rounded away from what could be reached. */
  wall: (vectors: number, limit: number) => {
    if (limit === 90) return `${vectors.toLocaleString('en')} fit at exactly 90°`;
    const low = Math.ceil(10 * limit) / 10;
    return `${vectors.toLocaleString('en')} never fit between ${low.toFixed(1)}° and ${(180 - low).toFixed(1)}°`;
  },
  window: 'all that was shown',
  pairs: (power: number) => (power === 0 ? '1 pair' : power === 6 ? '1 million pairs' : `${(10 ** power).toLocaleString('en')} pairs`),
  question: 'How many fit into 100 dimensions?',
  exactly: 'exactly 90°',
  /** Rounded away from what was reached; just below a whole degree that is told. */
  within: (degrees: number) => `within ${Math.ceil(degrees) - degrees < 0.2 ? Math.ceil(degrees) : Math.ceil(10 * degrees) / 10}°`,
  atLeast: (vectors: number) => `${vectors.toLocaleString('en')}+`,
  guesses: (n: number) => (n === 1 ? 'your one guess' : `your ${n.toLocaleString('en')} guesses`),
  power: (power: number) => (power < 6 ? (10 ** power).toLocaleString('en') : power < 9 ? `${10 ** (power - 6)} million` : `${(10 ** (power - 9)).toLocaleString('en')} billion`),
  spoken: (step: number, worst: number, near: number, wings: number) =>
    `At step ${step} the nudged vectors’ worst pair is at ${worst.toFixed(1)} degrees; with the video’s loss ${percent(near)} of all pairs are within 1 degree of 90 and ${percent(wings)} near 0 or 180.`,
};

function percent(share: number): string {
  const value = 100 * share;
  if (value === 0 || value === 100) return `${value}\u00a0%`;
  return `${value < 9.95 ? value.toFixed(1) : value > 99.5 ? 'over 99' : value.toFixed(0)}\u00a0%`;
}
