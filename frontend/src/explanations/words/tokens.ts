export const words = {
  type: 'Your own words',
  tokens: (n: number) => counted(n, 'token'),
  wordsIn: (n: number) => counted(n, 'word'),
  // What has letters of several bytes is counted in bytes: of these it is made before the first merge.
  unmerged: (bytes: number, letters: number) => (bytes === letters ? counted(letters, 'letter') : counted(bytes, 'byte')),
  isRow: (row: number, rows: number) => `is row ${row} of ${rows}`,
  one: '1',
  product: 'one-hot · table = row',
  number: (tenths: number) => (tenths / 10).toFixed(1).replace('-', '−'),
  gpt3: 'GPT-3: 50,257 × 12,288',
  merge: (n: number) => `merge ${n}`,
  plus: '+',
  becomes: '→',
  noMerge: 'no merge yet: every letter alone',
  guesses: (n: number, average: number) =>
    n === 1 ? `your one guess: ${average}` : `your ${n.toLocaleString('en')} guesses, on average ${average}`,
  guessesShort: (n: number, average: number) =>
    n === 1 ? `your guess: ${average}` : `${n.toLocaleString('en')} guesses, on average ${average}`,
  spoken: (merges: number, tokens: number, piece: string, row: number) =>
    `After ${counted(merges, 'merge')} the text is cut into ${counted(tokens, 'token')}. “${piece.replaceAll('·', ' ')}” is row ${row} of the table.`,
};

function counted(n: number, one: string): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`;
}
