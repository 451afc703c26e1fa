// Votes that a picture is computed from: an example, until a class has voted.
import type { Picture } from '../protocol.gen';

/** Whether these votes are what this picture's class chose. */
export function areOfClass({ class: { counts, options } }: Picture, named: string[], votes: number[]): boolean {
  return isSame(options, named) && isSame(counts, votes);
}

function isSame<T>(one: T[], other: T[]): boolean {
  return one.length === other.length && one.every((value, i) => value === other[i]);
}
