// When each turn is said: as it was recorded, else as long as it takes to say it.

import type { TurnTime } from '../messages.gen';

export interface Timed {
  start: number;
  end: number;
  isRecorded: boolean;
}

/** 150 words a minute, at six characters a word. */
const MS_PER_CHARACTER = 60_000 / 150 / 6;
const PAUSE_MS = 400;

/** Each turn's time; `lengths` are those of their texts, in characters. */
export function timed(cues: readonly TurnTime[], lengths: readonly number[]): Timed[] {
  let after = cues.at(-1)?.end_ms ?? 0;
  return lengths.map((length, turn) => {
    const cue = cues[turn];
    if (cue) return { start: cue.start_ms, end: cue.end_ms, isRecorded: true };
    const start = after + (turn > 0 ? PAUSE_MS : 0);
    after = start + Math.round(length * MS_PER_CHARACTER);
    return { start, end: after, isRecorded: false };
  });
}

/** Which turn is said then; in a pause, the one before it. */
export function turnAt(turns: readonly Timed[], ms: number): number {
  let low = 0;
  let high = turns.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((turns[middle]?.start ?? 0) <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** As a clock shows it: 2:05, 1:02:05. */
export function clock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  if (seconds >= 3600) parts.unshift(Math.floor(seconds / 3600));
  return parts.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
