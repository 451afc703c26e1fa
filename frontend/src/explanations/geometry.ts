// The closed forms of two ideas in one neuron, and where dots and bodies stand. See geometry.py.
export const FIRST = 0;
export const SECOND = 1;
export const BOTH = 2;

/** What each choice costs: keep the first idea, the second, or both as opposite arrows. */
export function lossesOf(rarity: number, importance: number): [number, number, number] {
  const p = 1 / rarity;
  const variance = p / 3 - p ** 2 / 4;
  return [importance * variance, variance, (p ** 2 * (1 + importance)) / 6];
}

export function cheapest(losses: number[]): number {
  return losses.indexOf(Math.min(...losses));
}

/** The rarity from which on a pair costs least. */
export function pairingRarity(importance: number): number {
  const smaller = Math.min(importance, 1 / importance);
  return (2 + 5 * smaller) / (4 * smaller);
}

/** Index of the world nearest to this rarity. */
export function nearest(rarities: number[], rarity: number): number {
  const distances = rarities.map((one) => Math.abs(Math.log(one / rarity)));
  return distances.indexOf(Math.min(...distances));
}

/** Equal shares side by side, as many as fit into the column; places are offsets from its middle. */
export function swarm(shares: number[], pitch: number, column: number): number[] {
  const bins = shares.map((share) => Math.round(share / 12));
  const sizes = new Map<number, number>();
  for (const bin of bins) sizes.set(bin, (sizes.get(bin) ?? 0) + 1);
  const placed = new Map<number, number>();
  return bins.map((bin) => {
    const size = sizes.get(bin) ?? 1;
    const i = placed.get(bin) ?? 0;
    placed.set(bin, i + 1);
    // From the middle outwards, or a column sorted by share would look like a slope.
    const side = i % 2 === 0 ? i / 2 : -(i + 1) / 2;
    return (side + (size % 2 === 0 ? 0.5 : 0)) * Math.min(pitch, column / size);
  });
}

/** Dots as one path. */
export function dotsPath(dots: { x: number; y: number }[], radius: number): string {
  const arc = `a${radius} ${radius} 0 1 0`;
  return dots.map(({ x, y }) => `M${x - radius} ${y}${arc}${2 * radius} 0${arc}${-2 * radius} 0`).join('');
}

/** Each arrow seen from slightly above and aside, in units of its length; depth grows away from us. */
export function seen(arrows: number[][]): { x: number; y: number; depth: number }[] {
  return arrows.map(([a = 0, b = 0, c]) =>
    c === undefined
      ? { x: a / 100, y: b / 100, depth: 0 }
      : {
          x: (0.93 * a + 0.37 * b) / 100,
          y: (0.94 * c + 0.34 * (0.37 * a - 0.93 * b) * -1) / 100,
          depth: (-0.37 * a + 0.93 * b) / 100,
        },
  );
}

/** Which arrows are neighbours: those that interfere most, two each in a plane, four each in space. */
export function edges(arrows: number[][]): [number, number][] {
  const dimensions = arrows[0]?.length ?? 0;
  if (dimensions < 2) return [];
  const dot = (one: number[], other: number[]) => one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
  return arrows.flatMap((one, i) => {
    const others = arrows.map((other, j) => ({ j, reading: dot(one, other) })).filter(({ j }) => j !== i);
    others.sort((a, b) => b.reading - a.reading);
    return others.slice(0, dimensions === 2 ? 2 : 4).map(({ j }): [number, number] => [i, j]);
  });
}
