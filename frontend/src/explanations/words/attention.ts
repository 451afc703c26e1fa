export const words = {
  becomes: (token: string) => `the vector of “${token}” becomes`,
  plus: '+',
  ahead: ['no looking', 'ahead'],
  sees: 'neuron for Michael + Jordan sees',
  added: '\u00a0+\u00a0',
  equals: '\u00a0=\u00a0',
  sum: (word: number, told: number) => ({
    word: String(word),
    told: told.toFixed(2),
    total: (word + told).toFixed(2),
  }),
  percent: (value: number) => `${value}\u00a0%`,
  guesses: (n: number, average: number) =>
    n === 1
      ? `your one guess for Michael: ${average}\u00a0%`
      : `your ${n.toLocaleString('en')} guesses for Michael, on average ${average}\u00a0%`,
  guessesShort: (n: number, average: number) =>
    n === 1 ? `your one guess: ${average}\u00a0%` : `your ${n.toLocaleString('en')} guesses, on average ${average}\u00a0%`,
  spoken: (asker: string, asked: string, share: string, seen: string) =>
    `“${asker}” gives ${share} of its attention to ${asker === asked ? 'itself' : `“${asked}”`}. The neuron that asks for Michael + Jordan sees ${seen} in its vector.`,
};
