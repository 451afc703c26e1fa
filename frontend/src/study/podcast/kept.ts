// What this browser keeps of podcasts between visits: how fast one listens, and where one stopped.

export const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];

/** A turn and the ms within it: another recording has other times for the same turn. */
export interface Place {
  turn: number;
  within: number;
}

export function readSpeed(): number {
  const kept = Number(read('speed'));
  return SPEEDS.includes(kept) ? kept : 1;
}

export function keepSpeed(speed: number): void {
  keep('speed', String(speed));
}

export function readPlace(slug: string): Place | undefined {
  const kept: unknown = parsed(read(`at:${slug}`));
  if (typeof kept !== 'object' || kept === null || !('turn' in kept) || !('within' in kept)) return undefined;
  const { turn, within } = kept;
  const isPlace = typeof turn === 'number' && Number.isInteger(turn) && typeof within === 'number';
  return isPlace && turn >= 0 && within >= 0 ? { turn, within } : undefined;
}

/** Without a place, the next visit begins at the beginning. */
export function keepPlace(slug: string, place: Place | undefined): void {
  keep(`at:${slug}`, place && JSON.stringify(place));
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(`study:podcast:${name}`);
  } catch {
    return null;
  }
}

/** Where the browser keeps nothing, as in a private window, a visit is a first one. */
function keep(name: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(`study:podcast:${name}`);
    else localStorage.setItem(`study:podcast:${name}`, text);
  } catch {
    // Listening goes on all the same.
  }
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
