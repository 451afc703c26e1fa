export const words = {
  found: (ideas: number) => `of ${ideas} hidden ideas found`,
  step: (step: number) => `step ${step.toLocaleString('en')}`,
  misses: (error: number) => `copy misses ${percent(error)}`,
  match: (cosine: number) => `best cosine ${cosine.toFixed(2)}`,
  chance: (cosine: number) => `by chance ${cosine.toFixed(2)}`,
  rows: 'hidden ideas',
  columns: 'learned directions',
  astray: 'off its idea, at worst',
  planeOf: (spokes: number, arrows: number) => `${spokes} ideas, 2 neurons, ${arrows} units`,
  cloud: 'dots: what it sees',
  above: 'cosine above',
  ideasFound: 'ideas found',
  copyMisses: 'copy misses',
  percent: (share: number) => percent(share),
  free: 'λ = 0: the best copy',
  penalty: (penalty: number) => `λ = ${penalty}`,
  strict: 'λ = 1: too strict',
  guesses: (n: number, average: number) =>
    n === 1 ? `your one guess: ${average}` : `your ${n.toLocaleString('en')} guesses, on average ${average}`,
  spokenTable: (step: number, found: number, ideas: number, error: number) =>
    `At training step ${step.toLocaleString('en')}, ${found} of ${ideas} hidden ideas are found, and the copy misses ${percent(error)}.`,
  spokenPlane: (step: number, degrees: number) =>
    `At training step ${step.toLocaleString('en')}, the arrows in the plane are at most ${degrees.toFixed(1)} degrees off a spoke.`,
};

function percent(share: number): string {
  return `${Math.round(100 * share)}\u00a0%`;
}
