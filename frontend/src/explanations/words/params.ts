export const words = {
  all: (total: number) => total.toLocaleString('en'),
  layers: (layers: number) => `numbers, ${layers} ${layers === 1 ? 'layer' : 'layers'}`,
  groups: { mlp: 'MLPs', attention: 'attention', embedding: 'embeddings' },
  amount,
  times: (kinds: number, each: number) => (each > 0 ? `${kinds} × ${amount(each)}` : 'none'),
  tile: (unit: number) => `a tile: ${amount(100 * unit)}`,
  square: (unit: number) => `a square: ${amount(unit)}`,
  share,
  tick: (percent: number) => `${percent}\u00a0%`,
  guesses: (n: number, average: number) =>
    n === 1
      ? `your one guess for the MLPs: ${average}\u00a0%`
      : `your ${n.toLocaleString('en')} guesses for the MLPs: ${average}\u00a0% on average`,
  guessesShort: (n: number, average: number) =>
    n === 1 ? `your one guess: ${average}\u00a0%` : `your ${n.toLocaleString('en')} guesses: ${average}\u00a0% on average`,
  spoken: (total: number, layers: number, mlp: number) =>
    `${layers} ${layers === 1 ? 'layer has' : 'layers have'} ${amount(total)} numbers with the embeddings; ${share(mlp)} are in the MLPs.`,
};

/** Three digits, as one says it: 58.0 billion, 618 million; a round number without its zeros. */
function amount(count: number): string {
  for (const { size, name } of [
    { size: 1e9, name: 'billion' },
    { size: 1e6, name: 'million' },
  ]) {
    if (count < 0.9995 * size) continue;
    const value = count / size;
    return `${Number.isInteger(value) ? value : value.toFixed(value >= 99.95 ? 0 : 1)} ${name}`;
  }
  return count.toLocaleString('en');
}

function share(of: number): string {
  return `${(100 * of).toFixed(1)}\u00a0%`;
}
