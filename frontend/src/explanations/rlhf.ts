// A base model tilted by scores on a leash, as lessons/explanations/rlhf.py computes it with numpy.

export interface Tilted {
  /** Of each answer. */
  chances: number[];
  /** How far they are from the base model's. */
  kl: number;
  /** The average of the scores that the model is trained by. */
  scored: number;
  /** The average of the voters' scores. */
  preferred: number;
}

export interface Scores {
  /** From the votes alone. */
  voted: number[];
  /** With what is added to one of them by mistake. */
  trainedBy: number[];
}

export function scoresOf(voted: number[], bonus: number, fooledBy: number): Scores {
  return { voted, trainedBy: voted.map((score, i) => score + (i === fooledBy - 1 ? bonus : 0)) };
}

export function tiltedOf(base: number[], { voted, trainedBy }: Scores, beta: number): Tilted {
  // Lowered by the best, no exponential overflows.
  const high = Math.max(...trainedBy);
  const weights = trainedBy.map((score, i) => (base[i] ?? 0) * Math.exp((score - high) / beta));
  const total = sumOf(weights);
  const chances = weights.map((weight) => weight / total);
  return {
    chances,
    kl: Math.max(0, sumOf(chances.map((chance, i) => (chance > 0 ? chance * Math.log(chance / (base[i] ?? 1)) : 0)))),
    scored: sumOf(chances.map((chance, i) => chance * (trainedBy[i] ?? 0))),
    preferred: sumOf(chances.map((chance, i) => chance * (voted[i] ?? 0))),
  };
}

/** The models of all leashes, from one too tight to move to one that hardly holds. */
export function leashesOf(base: number[], scores: Scores): Tilted[] {
  return Array.from({ length: 161 }, (_, i) => tiltedOf(base, scores, 1000 * 0.02 ** ((3 * i) / 160)));
}

function sumOf(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
