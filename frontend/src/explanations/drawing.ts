// What a drawing gets from its frame, and what it may tell it. See Explanation.svelte.
import type { Component } from 'svelte';
import type { Picture } from '../protocol.gen';
import type { Results } from './data.gen';

export type Knobs = Record<string, number>;

export interface DrawingProps {
  picture: Picture;
  /** A value for every knob; between two steps while it glides, so round before printing. */
  knobs: Knobs;
  /** Turn a knob from within the picture (drag a point, say); the frame clamps and rounds. */
  turn: (key: string, value: number) => void;
  /** The place to fill, in CSS pixels. */
  width: number;
  height: number;
  /** What the reader typed, where the drawing asks for it with `typed`. */
  typed: string;
  /** The font size of ordinary text here, in CSS pixels; it is inherited, use this for layout. */
  text: number;
}

export interface Drawing {
  default: Component<DrawingProps>;
  /** Height over width where the page sets no height; 1 on a phone and 0.56 on a page if not said. */
  aspect?: { phone: number; page: number };
  /** Knobs the picture glides away from when it first appears, so that it shows its idea unasked. */
  opening?: Knobs;
  /** A line of text that the reader may type, at most so many characters long. */
  typed?: { label: string; start: string; max: number };
  /** What the picture shows at these knobs, as a sentence with numbers, said after a knob was turned. */
  spoken?: (picture: Picture, knobs: Knobs) => string;
}

/** The numbers of a picture, typed as the Python module of that key declares them. */
export function dataOf<K extends keyof Results>(key: K, picture: Picture): Results[K] {
  if (!isOf(key, picture)) throw new Error(`A picture of “${picture.id}” was given to “${key}”.`);
  return picture.data;
}

/** The value of a knob this drawing knows its picture to have. */
export function valueOf(knobs: Knobs, key: string): number {
  const value = knobs[key];
  if (value === undefined) throw new Error(`The picture has no knob “${key}”.`);
  return value;
}

// The server validated the numbers and the types are generated from it, so the key says it all.
function isOf<K extends keyof Results>(key: K, picture: Picture): picture is Picture & { data: Results[K] } {
  return picture.id === key;
}
