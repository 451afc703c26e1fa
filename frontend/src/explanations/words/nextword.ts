export const words = {
  next: 'The next word is',
  votes: (n: number, isOfClass: boolean) =>
    isOfClass ? (n === 1 ? 'your one vote' : `your ${n.toLocaleString('en')} votes`) : `${n.toLocaleString('en')} example votes`,
  model: 'the model',
  nudge: 'nudge',
  others: (n: number) => (n === 1 ? '1 other token' : `${n.toLocaleString('en')} others`),
  // Halves go up, as in the server's words; the little more is for halves that rounding made smaller.
  percent: (share: number) => {
    if (share > 0 && share < 0.005) return '<1\u00a0%';
    if (share < 1 && share > 0.995) return '>99\u00a0%';
    return `${Math.floor(100 * share + 0.501)}\u00a0%`;
  },
  step: (step: number) => `step ${step.toLocaleString('en')}`,
  tick: (step: number) => step.toLocaleString('en'),
  loss: (loss: number) => `loss ${loss.toFixed(2)}`,
  tooBold: 'too bold: it overshoots',
  clueless: (vocabulary: number, loss: number) => `clueless: ln ${vocabulary.toLocaleString('en')} = ${loss.toFixed(2)}`,
  floor: (floor: number) => `floor ${floor.toFixed(2)}`,
  disagree: (isOfClass: boolean) => (isOfClass ? ': you disagree' : ': people disagree'),
  spoken: (step: number, loss: number, floor: number, word: string, chance: number, share: number) =>
    `At step ${step.toLocaleString('en')} the loss is ${loss.toFixed(2)}, the floor ${floor.toFixed(2)}. ` +
    `The model gives “${word}” ${Math.round(100 * chance)} percent, the votes ${Math.floor(100 * share + 0.501)}.`,
};
