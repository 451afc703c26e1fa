// The MLP in the coordinates of its ideas. They are perpendicular, so the numbers are those that
// numpy finds in 64 dimensions, at any share of attention and any bias.
import type { MlpResult, MlpStress } from './data.gen';
import { words } from './words/mlp';

type Weights = Pick<MlpResult, 'first_name' | 'last_name' | 'row' | 'column'>;

/** Rows are people, columns neurons; of `out`, ideas. */
export interface Steps {
  dot: number[][];
  after_bias: number[][];
  after_relu: number[][];
  out: number[][];
}

export function stepsOf({ first_name, last_name, row, column }: Weights, share: number, bias: number): Steps {
  const embeddings = first_name.map((first, person) => plus(last_name[person] ?? [], first, share));
  const dot = embeddings.map((embedding) => row.map((asked) => product(asked, embedding)));
  const after_bias = dot.map((neurons) => neurons.map((value) => value + bias));
  const after_relu = after_bias.map((neurons) => neurons.map((value) => Math.max(value, 0)));
  const out = embeddings.map((embedding, person) =>
    column.reduce((sum, answer, neuron) => plus(sum, answer, after_relu[person]?.[neuron] ?? 0), embedding),
  );
  return { dot, after_bias, after_relu, out };
}

/** Does the neuron fire for Michael Jordan and for nobody else, given the whole first name? */
export function works(bias: number): boolean {
  return -2 < bias && bias <= -1;
}

/** Measured at every quarter, a straight line between. */
export function accuracyAt({ biases, accuracy }: MlpStress, bias: number): number {
  const after = Math.min(Math.max(1, biases.findIndex((each) => each >= bias)), biases.length - 1);
  const [x0 = 0, x1 = 1] = biases.slice(after - 1, after + 1);
  const [y0 = 0, y1 = 0] = accuracy.slice(after - 1, after + 1);
  return y0 + ((y1 - y0) * (bias - x0)) / (x1 - x0);
}

/** Who is given basketball, in a sentence; it is right when Michael Jordan is alone. */
export function verdictOf(people: readonly string[], steps: Steps, bias: number): { said: string; isRight: boolean } {
  const [athlete = '', ...others] = people;
  const answer = 'basketball';
  const fires = (person: number) => (steps.after_relu[person]?.[0] ?? 0) > 1e-9;
  const lucky = others.filter((_, i) => fires(i + 1));
  if (lucky.length > 0) return { said: words.tooLenient(words.listed.format(lucky), answer), isRight: false };
  if (fires(0)) return { said: words.only(athlete, answer), isRight: true };
  return { said: bias <= -2 ? words.tooStrict(answer) : words.tooLittle(answer), isRight: false };
}

/** To two decimals, as in a book. */
export function printed(value: number): string {
  return (Math.round(value * 100) / 100 + 0).toString().replace('-', '−');
}

interface Line {
  x: number;
  y: number;
  width: number;
}

interface Box extends Line {
  height: number;
}

/** Where everything stands, in CSS pixels: side by side on a board, one below the other on a phone. */
export interface Places {
  em: number;
  isWide: boolean;
  /** The length of 1, on every bar. */
  unit: number;
  /** Of the first three steps: where its heading starts, where its zero is, and its first row's top. */
  steps: { x: number; zero: number; top: number }[];
  pitch: number;
  answers: Box;
  /** What the ideas' widths are counted in: the text's size, or less where they wouldn't fit. */
  ideaEm: number;
  answersPitch: number;
  curve: Box;
  /** Where the words about the curve start. */
  aside: { x: number; y: number };
  verdict: Line;
}

/** In units of the text's size, so that one sketch serves a projector and a page. */
export function placesOf(width: number, height: number, em: number, hasGuesses: boolean): Places {
  const underCurve = (hasGuesses ? 4.8 : 2) * em;
  return width >= 50 * em ? beside(width, height, em, underCurve) : below(width, height, em, underCurve);
}

function beside(width: number, height: number, em: number, underCurve: number): Places {
  const unit = (width - 39.7 * em) / 8.5;
  const first = NAMES_WIDTH * em + 1.4 * em;
  const second = first + 2 * unit + 4.6 * em;
  const third = second + 4.5 * unit + 4 * em;
  const fourth = third + 2 * unit + 6.9 * em;
  const top = 2.7 * em;
  const pitch = Math.min(3.2 * em, Math.max(1.65 * em, (0.5 * height - top) / 4));
  const half = top + 4 * pitch + 0.7 * em;
  const curve = { x: first + 6 * em, y: half + 0.5 * em, width: 0, height: height - half - 0.5 * em - underCurve };
  curve.width = fourth - 3 * em - curve.x;
  return {
    em,
    isWide: true,
    unit,
    steps: [
      { x: first, zero: first + 0.2 * em, top },
      { x: second, zero: second + 2 * em + 2.5 * unit, top },
      { x: third, zero: third + 0.2 * em, top },
    ],
    pitch,
    answers: { x: fourth, y: top, width: width - fourth, height: 4 * pitch },
    answersPitch: pitch,
    ideaEm: em,
    curve,
    aside: { x: 0, y: half },
    verdict: { x: fourth - 1.5 * em, y: half, width: width - fourth + 1.5 * em },
  };
}

function below(width: number, height: number, em: number, underCurve: number): Places {
  const pitch = 1.4 * em;
  const answersPitch = 1.75 * em;
  const unit = Math.max(0, width - 11.6 * em) / 5;
  const zero = 9.6 * em + 2.5 * unit;
  const heading = 1.75 * em;
  const block = heading + 4 * pitch + 0.5 * em;
  const answers = { x: 1.2 * em, y: 3 * block + heading, width: width - 1.2 * em, height: 4 * answersPitch };
  const verdictTop = answers.y + answers.height + 0.5 * em;
  const half = verdictTop + 3 * em;
  const curveTop = half + 3.2 * em;
  const curveFloor = height - underCurve - (underCurve > 3 * em ? 1.4 : 1.2) * em;
  return {
    em,
    isWide: false,
    unit,
    steps: [0, 1, 2].map((step) => ({ x: 1.2 * em, zero, top: step * block + heading })),
    pitch,
    answers,
    answersPitch,
    ideaEm: Math.min(em, answers.width / 21.8),
    curve: { x: 3.2 * em, y: curveTop, width: width - 4.2 * em, height: Math.max(2 * em, curveFloor - curveTop) },
    aside: { x: 0, y: half },
    verdict: { x: 0, y: verdictTop, width },
  };
}

/** Two names side by side, in units of the text's size. */
export const NAMES_WIDTH = 8.9;

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function plus(a: readonly number[], b: readonly number[], times: number): number[] {
  return a.map((value, i) => value + times * (b[i] ?? 0));
}
