export const words = {
  prompt: 'Which answer is best?',
  votes: (n: number, isOfClass: boolean) =>
    isOfClass ? (n === 1 ? 'your one vote' : `your ${n.toLocaleString('en')} votes`) : `${n.toLocaleString('en')} example votes`,
  count: (n: number) => (n < 10_000 ? n.toLocaleString('en') : `${Math.round(n / 1000)}k`),
  before: 'before',
  after: 'after',
  arrow: '→',
  // Halves go up, as in the server's words; the little more is for halves that rounding made smaller.
  percent: (share: number) => {
    if (share > 0 && share < 0.005) return '<1';
    if (share < 1 && share > 0.995) return '>99';
    return `${Math.floor(100 * share + 0.501)}`;
  },
  unit: '\u2009%',
  letter: (answer: number) => 'ABCDEF'.charAt(answer),
  duels: 'duels won, %',
  duelsShort: 'duels, %',
  share: (share: number) => `${share === 1 ? 100 : Math.min(99, Math.round(100 * share))}`,
  none: '–',
  score: 'score',
  signed: (score: number) => (Math.abs(score) < 0.005 ? '0.00' : score < 0 ? `−${(-score).toFixed(2)}` : `+${score.toFixed(2)}`),
  bonus: (bonus: number) => `+${bonus.toFixed(1)}`,
  average: 'average score',
  averageShort: 'score',
  distance: (kl: number) => `KL ${kl.toFixed(2)} from base`,
  trained: 'as trained',
  preferred: (isOfClass: boolean) => (isOfClass ? 'as you vote' : 'as voted'),
  spoken: (beta: string, best: string, chance: number, kl: number, scored: number, preferred: number) =>
    `With a leash of tightness ${beta} the model says ${best} most, ${Math.round(100 * chance)} percent of the time. ` +
    `It is ${kl.toFixed(2)} away from the base model. ` +
    (Math.abs(scored - preferred) < 0.005
      ? `Its average score is ${scored.toFixed(2)}.`
      : `Its average score is ${scored.toFixed(2)} as trained, but ${preferred.toFixed(2)} as voted.`),
};
