// What the arrows of the toy model read of each other.
export type Arrow = [number, number];
export type Tone = 'own' | 'helps' | 'fights' | 'apart';

/** What a dial's radius stands for: the longest arrow has length 1.18, and its label needs room. */
export const REACH = 1.42;

/** Does the arrow of another idea lean towards the chosen one, away from it, or neither? */
export function toneOf(arrows: Arrow[], idea: number, other: number): Tone {
  if (idea === other) return 'own';
  const reading = dot(arrows[idea], arrows[other]);
  return reading > 0.05 ? 'helps' : reading < -0.05 ? 'fights' : 'apart';
}

export function dot(one: Arrow | undefined, other: Arrow | undefined): number {
  return one && other ? one[0] * other[0] + one[1] * other[1] : 0;
}

/** Numbers between the two snapshots around a training step, from hundredths. */
export function between(steps: number[], step: number): { before: number; after: number; share: number } {
  const after = Math.max(
    1,
    steps.findIndex((one) => one >= step),
  );
  const from = steps[after - 1] ?? 0;
  const to = steps[after] ?? from;
  return { before: after - 1, after, share: to > from ? Math.min(1, Math.max(0, (step - from) / (to - from))) : 1 };
}
