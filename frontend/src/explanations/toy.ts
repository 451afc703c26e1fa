// What the arrows of the toy model read of each other, and where everything stands.
import { smallOf } from './wrapped';

export type Arrow = [number, number];
export type Tone = 'own' | 'helps' | 'fights' | 'apart';

export const COLOURS: Record<Tone, string> = {
  own: 'var(--ink)',
  helps: 'var(--positive)',
  fights: 'var(--negative)',
  apart: 'var(--ink-quiet)',
};

/** Does the arrow of another idea lean towards the chosen one, away from it, or neither? */
export function toneOf(arrows: Arrow[], idea: number, other: number): Tone {
  if (idea === other) return 'own';
  const reading = dot(arrows[idea], arrows[other]);
  return reading > 0.05 ? 'helps' : reading < -0.05 ? 'fights' : 'apart';
}

export function dot(one: Arrow | undefined, other: Arrow | undefined): number {
  return one && other ? one[0] * other[0] + one[1] * other[1] : 0;
}

/** What is read of an idea while another one is on, before and after bias and ReLU. */
export interface Reading {
  raw: number;
  read: number;
}

export function readingOf(arrows: Arrow[], biases: number[], idea: number, other: number, hasRelu: boolean): Reading {
  const raw = dot(arrows[idea], arrows[other]);
  const lifted = raw + (biases[other] ?? 0);
  return { raw, read: hasRelu ? Math.max(0, lifted) : lifted };
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

export interface Snapshots {
  /** (models, snapshots, ideas, 2), in hundredths */
  directions: number[][][][];
  /** (models, snapshots, ideas), in hundredths */
  biases: number[][][];
}

/** The longest arrow and the outermost readings of all worlds and steps: dials and bars keep one scale. */
export function extremesOf({ directions, biases }: Snapshots, hasRelu: boolean): { longest: number; low: number; high: number } {
  const moments = directions.flatMap((snapshots, world) =>
    snapshots.map((arrows, at) => ({
      arrows: arrows.map(([right = 0, up = 0]): Arrow => [right / 100, up / 100]),
      biases: (biases[world]?.[at] ?? []).map((bias) => bias / 100),
    })),
  );
  const readings = moments.flatMap(({ arrows, biases }) =>
    arrows.flatMap((_, idea) =>
      arrows.flatMap((_, other) => Object.values(readingOf(arrows, biases, idea, other, hasRelu))),
    ),
  );
  const lengths = moments.flatMap(({ arrows }) => arrows.map(([right, up]) => Math.hypot(right, up)));
  const [low, high] = readings.reduce(([least, most], one) => [Math.min(least, one), Math.max(most, one)], [0, 1]);
  return { longest: lengths.reduce((most, one) => Math.max(most, one), 1), low: low ?? 0, high: high ?? 1 };
}

export interface Vote {
  option: string;
  count: number;
}

/** Votes for the shape that the worlds `from` to `to` end with. */
export interface ShapeVote extends Vote {
  from: number;
  to: number;
}

/** Other words for the shapes that the server names. */
const ALSO: Record<string, string[]> = {
  'a right angle': ['two arrows', 'an l'],
  'two pairs': ['cross', 'plus', 'square'],
};

/** Votes for shapes that some world ends with, under the longest row of such worlds; and the others. */
export function votesOn(votes: Vote[], shapes: string[]): { shown: ShapeVote[]; rest: Vote[] } {
  const shown: ShapeVote[] = [];
  const rest: Vote[] = [];
  for (const vote of votes) {
    const [longest] = rowsOf(shapes)
      .filter(({ shape }) => isNamed(shape, vote.option))
      .sort((a, b) => b.to - b.from - (a.to - a.from));
    if (longest) shown.push({ ...vote, from: longest.from, to: longest.to });
    else rest.push(vote);
  }
  return { shown, rest };
}

function isNamed(shape: string, option: string): boolean {
  const said = option.toLowerCase().replace(/\W+$/, '');
  return [shape.replace(/^an? /, ''), ...(ALSO[shape] ?? [])].some((name) => said.endsWith(name));
}

function rowsOf(shapes: string[]): { shape: string; from: number; to: number }[] {
  const rows: { shape: string; from: number; to: number }[] = [];
  shapes.forEach((shape, at) => {
    const last = rows.at(-1);
    if (last?.shape === shape) last.to = at;
    else rows.push({ shape, from: at, to: at });
  });
  return rows;
}

/** Where everything stands, in CSS pixels. */
export interface Places {
  isNarrow: boolean;
  small: number;
  /** One for each world; equally high ones are a row. */
  dials: { x: number; y: number; radius: number }[];
  /** Below the middle of a dial: its name, and the votes for its shape. */
  underDial: { percent: number; votes: number };
  big: { x: number; y: number; radius: number };
  /** First lines of heading, of what is read, and of what the bars mean. */
  heading: { x: number; y: number };
  alone: number;
  legend: { x: number; y: number };
  bars: { x: number; y: number; width: number; row: number };
  /** What the class said that has no place on a dial. */
  aside: { x: number; y: number; width: number };
}

interface Contents {
  worlds: number;
  ideas: number;
  /** Votes stand under dials. */
  hasVotesUnder: boolean;
  /** Something stands aside. */
  hasAside: boolean;
  /** The width of what is said to be read, in one line. */
  aloneWidth: number;
  legendWidth: number;
}

export function placesOf(width: number, height: number, em: number, contents: Contents): Places {
  return width < 35 * em ? below(width, height, em, contents) : beside(width, height, em, contents);
}

/** On a board and a page: the big dial, its bars beside it, ten dials in a row. */
function beside(width: number, height: number, em: number, contents: Contents): Places {
  const small = smallOf(em);
  const radius = Math.min(width / contents.worlds / 2 - 4, height * 0.115);
  const percent = radius + small * 1.1;
  const bottom = contents.hasVotesUnder ? percent + small * 1.35 : percent;
  const rowY = height - bottom - small * 0.35;
  const floor = rowY - radius - em * 0.7;
  const bigRadius = Math.min((floor - em * 0.3) / 2, width * 0.2) - 2;
  const left = 2 * bigRadius + em * 1.6;
  const right = contents.hasAside ? width - em * 10.5 : width;
  const isOneLine = contents.aloneWidth + small * 1.5 + contents.legendWidth <= right - left;
  const alone = em * 1.05 + small * 1.7;
  const legend = isOneLine
    ? { x: left + contents.aloneWidth + small * 1.5, y: alone }
    : { x: left, y: alone + small * 1.35 };
  const top = legend.y + small * 0.7;
  return {
    isNarrow: false,
    small,
    dials: Array.from({ length: contents.worlds }, (_, i) => ({ x: (width / contents.worlds) * (i + 0.5), y: rowY, radius })),
    underDial: { percent, votes: bottom },
    big: { x: bigRadius + 2, y: bigRadius + em * 0.3, radius: bigRadius },
    heading: { x: left, y: em * 1.05 },
    alone,
    legend,
    bars: { x: left, y: top, width: right - left, row: Math.min((floor - top) / contents.ideas, em * 2) },
    aside: { x: width - em * 9, y: alone - small, width: em * 9 },
  };
}

/** On a phone, from the top: heading, the big dial, its bars, ten dials in two rows. */
function below(width: number, height: number, em: number, contents: Contents): Places {
  const small = smallOf(em);
  const columns = Math.ceil(contents.worlds / 2);
  const cell = width / columns;
  const radius = Math.min(cell / 2 - 4, em * 1.85);
  const percent = radius + small * 1.1;
  const bottom = contents.hasVotesUnder ? percent + small * 1.25 : percent;
  const pitch = radius + bottom + small * 0.6;
  const dialsTop = height - 2 * pitch;
  const bigTop = em * 2.9;
  const row = contents.ideas > 6 ? small * 1.3 : small * 1.6;
  const words = small * 3.3;
  const bigRadius = Math.min((dialsTop - em * 0.5 - bigTop - words - contents.ideas * row) / 2, width * 0.32);
  const alone = bigTop + 2 * bigRadius + small * 1.4;
  return {
    isNarrow: true,
    small,
    dials: Array.from({ length: contents.worlds }, (_, i) => ({
      x: cell * ((i % columns) + 0.5),
      y: dialsTop + Math.floor(i / columns) * pitch + radius + 2,
      radius,
    })),
    underDial: { percent, votes: bottom },
    big: { x: contents.hasAside ? bigRadius + 2 : width / 2, y: bigTop + bigRadius, radius: bigRadius },
    heading: { x: 0, y: em * 1.05 },
    alone,
    legend: { x: 0, y: alone + small * 1.35 },
    bars: { x: 0, y: bigTop + 2 * bigRadius + words, width, row },
    aside: { x: 2 * bigRadius + em, y: bigTop, width: width - 2 * bigRadius - em },
  };
}
