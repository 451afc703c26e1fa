// The MLP in the coordinates of its ideas. They are perpendicular, so the numbers are those that
// numpy finds in 64 dimensions, at any share of attention and any bias.
import type { MlpResult, MlpStress } from './data.gen';
import { smallOf } from './wrapped';
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
  if (lucky.length > 0) {
    const who = lucky.length < others.length ? words.listed.format(lucky) : words.everybody;
    return { said: words.tooLenient(who, answer, lucky.length), isRight: false };
  }
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

/** Where everything stands, in CSS pixels. */
export interface Places {
  /** The text's size, and that of asides. */
  em: number;
  small: number;
  /** Four people side by side with their steps, or one of them large. */
  isWide: boolean;
  steps: Box;
  verdict: Line;
  /** What is said about the curve. */
  aside: Line;
  curve: Box;
}

/** In units of the text's size, so that one sketch serves a projector and a page. */
export function placesOf(width: number, height: number, em: number, hasGuesses: boolean): Places {
  return width >= 35 * em ? beside(width, height, em, hasGuesses) : below(width, height, em, hasGuesses);
}

function beside(width: number, height: number, em: number, hasGuesses: boolean): Places {
  const small = smallOf(em);
  const stepsHeight = Math.max(7.2 * em, 0.5 * height);
  const verdictY = stepsHeight + 1.3 * em;
  const top = verdictY + 0.7 * em;
  const left = 14.6 * em;
  const under = small * (hasGuesses ? 3.4 : 1.6);
  return {
    em,
    small,
    isWide: true,
    steps: { x: 0, y: 0, width, height: stepsHeight },
    verdict: { x: 0, y: verdictY, width },
    aside: { x: 0, y: top, width: left - 2.6 * em },
    curve: { x: left, y: top + 0.2 * em, width: width - left - 0.4 * em, height: height - top - 0.2 * em - under },
  };
}

function below(width: number, height: number, em: number, hasGuesses: boolean): Places {
  const small = smallOf(em);
  const stepsHeight = 15.4 * em;
  const verdictY = stepsHeight + 1.2 * em;
  const asideY = verdictY + 2 * em;
  const top = asideY + 2.6 * em;
  const under = small * (hasGuesses ? 5.1 : 1.6);
  // Before a page has given it room, nothing is left for the curve.
  const left = Math.max(0, height - top - under);
  return {
    em,
    small,
    isWide: false,
    steps: { x: 0, y: 0, width, height: stepsHeight },
    verdict: { x: 0, y: verdictY, width },
    aside: { x: 0, y: asideY, width },
    curve: { x: 3.6 * small, y: top, width: width - 3.6 * small - 0.4 * em, height: left },
  };
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function plus(a: readonly number[], b: readonly number[], times: number): number[] {
  return a.map((value, i) => value + times * (b[i] ?? 0));
}
