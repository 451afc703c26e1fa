export const words = {
  neuron: (n: number) => `neuron ${n}`,
  idea: (n: number) => `idea ${n}`,
  percent: (share: number) => `${Math.round(100 * share)}\u00a0%`,
  world: (share: number) => (share === 1 ? 'Always on' : `On ${Math.round(100 * share)}\u00a0% of the time`),
  shape: (shape: string) => `→ ${shape}`,
  step: (step: number) => `→ training, step ${step}`,
  alone: (idea: number) => `Only idea ${idea} is on. Each reads as:`,
  raw: 'arrows',
  cleaned: 'after bias and ReLU',
  lifted: 'after the bias',
  reading: (raw: number, read: number) => `${fixed(raw)} → ${fixed(read)}`,
  votes: (count: number) => (count === 1 ? '1 vote' : `${count} votes`),
  votesFor: (count: number, option: string) => `${option}: ${words.votes(count)}`,
  guesses: (count: number, average: number) =>
    count === 1
      ? `your guess between neighbours: ${average}°`
      : `your ${count.toLocaleString('en')} guesses between neighbours: ${average}° on average`,
  learning: (world: string, step: number) => `${world}. Training has reached step ${step}.`,
  spoken: (world: string, shape: string, idea: number, share: number) =>
    `${world}: the arrows form ${shape}, and idea ${idea} has ${fixed(share)} of a dimension.`,
};

function fixed(value: number): string {
  return value.toFixed(2).replace(/^-0\.00$/, '0.00').replace('-', '−');
}
