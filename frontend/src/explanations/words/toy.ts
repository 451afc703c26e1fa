export const words = {
  neuron: (n: number) => `neuron ${n}`,
  idea: (n: number) => `idea ${n}`,
  percent: (share: number) => `${Math.round(100 * share)} %`,
  world: (share: number) =>
    share === 1 ? 'Every idea is always on' : `Each idea is on ${Math.round(100 * share)} % of the time`,
  worldShort: (share: number) => (share === 1 ? 'Always on' : `On ${Math.round(100 * share)} % of the time`),
  shape: (shape: string) => ` → ${shape}`,
  step: (step: number) => ` → training, step ${step}`,
  alone: (idea: number) => `Idea ${idea} alone is on, at 1. The network reads:`,
  raw: 'from the arrows',
  cleaned: 'after bias and ReLU',
  lifted: 'after the bias',
  reading: (raw: number, read: number) => `${fixed(raw)} → ${fixed(read)}`,
  learning: (world: string, step: number) => `${world}. Training has reached step ${step}.`,
  spoken: (world: string, shape: string, idea: number, share: number) =>
    `${world}: the arrows form ${shape}, and idea ${idea} has ${fixed(share)} of a dimension.`,
};

function fixed(value: number): string {
  return value.toFixed(2).replace(/^-0\.00$/, '0.00').replace('-', '−');
}
