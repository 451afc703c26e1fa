// The closed forms of two ideas in one neuron, and where dots and bodies stand. See geometry.py.
import { scaleLinear, scaleLog } from 'd3-scale';

interface Size {
  width: number;
  height: number;
}

/** A column for each world, the share of a dimension upwards; the class' votes stand left of it. */
export function columnsOf({ width, height }: Size, small: number, hasVotes: boolean) {
  const left = hasVotes ? 5 * small : 2;
  return {
    left,
    base: height - 2.6 * small,
    x: scaleLog([0.915, 21.9], [left, width - 2]).clamp(true),
    y: scaleLinear([0, 1.06], [height - 2.6 * small, 1.3 * small]),
  };
}

/** Rarity to the right, importance upwards. */
export function mapOf({ width, height }: Size, small: number) {
  const left = 2.2 * small;
  return {
    left,
    base: height - 2.6 * small,
    x: scaleLog([1, 20], [left, width - 4]).clamp(true),
    y: scaleLog([0.1, 10], [height - 2.6 * small, 1.7 * small]).clamp(true),
  };
}
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

export interface Vote {
  option: string;
  count: number;
}

/** Votes for a rail ("1/2", "1", "2/5 (a pentagon)"), and the others. */
export function votesOn(votes: Vote[], rails: number[][]): { shown: (Vote & { rail: number })[]; rest: Vote[] } {
  const placed = votes.map((vote) => ({ ...vote, rail: railOf(vote.option, rails) }));
  // A lone "1" among other answers is no share of a dimension.
  if (!placed.some(({ option, rail }) => rail >= 0 && option.includes('/'))) return { shown: [], rest: votes };
  return { shown: placed.filter(({ rail }) => rail >= 0), rest: placed.filter(({ rail }) => rail < 0) };
}

function railOf(option: string, rails: number[][]): number {
  const [, over, under = '1'] = /^(\d+)(?:\s*\/\s*(\d+))?\s*(?:$|[(:,=–])/.exec(option.trim()) ?? [];
  if (over === undefined) return -1;
  return rails.findIndex(([a = 0, b = 1]) => a * Number(under) === b * Number(over));
}

/** The places, moved apart as little as keeps them a gap away from each other; in their order. */
export function apart(places: number[], gap: number): number[] {
  const sorted = places.map((place, i) => ({ place, i })).sort((a, b) => a.place - b.place);
  // Each round halves what is left of the overlaps, or more.
  for (let round = 0; round < 30; round++) {
    sorted.forEach((lower, k) => {
      const upper = sorted[k + 1];
      if (!upper) return;
      const missing = Math.max(0, gap - (upper.place - lower.place));
      lower.place -= missing / 2;
      upper.place += missing / 2;
    });
  }
  return places.map((_, i) => sorted.find((one) => one.i === i)?.place ?? 0);
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
