import type { Stage } from '../room.svelte';

export type Sound = 'tick' | 'bell' | 'result' | 'podium';

interface Note {
  hertz: number;
  atMs: number;
  lastsMs: number;
  loudness: number;
}

/** Equal-tempered, from A4 = 440 Hz. */
const pitch = (semitones: number) => 440 * 2 ** (semitones / 12);
const chord = (semitones: readonly number[], everyMs: number, lastsMs: number, afterMs = 0): Note[] =>
  semitones.map((semitone, i) => ({ hertz: pitch(semitone), atMs: afterMs + everyMs * i, lastsMs, loudness: 0.14 }));

const NOTES: Record<Sound, Note[]> = {
  tick: [{ hertz: pitch(15), atMs: 0, lastsMs: 60, loudness: 0.08 }],
  // A bell's partials don't stand in whole numbers: H. Fletcher and T. Rossing, The Physics of Musical Instruments.
  bell: [1, 2, 2.4, 3, 4.5].map((partial, i) => ({ hertz: 392 * partial, atMs: 0, lastsMs: 1600 / (i + 1), loudness: 0.12 / (i + 1) })),
  result: chord([3, 7, 10], 110, 500, 650),
  podium: chord([-9, -5, -2, 3, 7, 10, 15], 130, 900),
};

/** What is heard when the room moves from one stage to another; nothing when the page has just opened. */
export function soundsBetween(before: Stage | null, after: Stage | null): Sound[] {
  if (before === null || after === null) return [];
  if (after.phase === 'podium') return before.phase === 'podium' ? [] : ['podium'];
  if (before.phase !== 'asking' || !('round' in after) || before.round !== after.round) return [];
  if (before.question.kind === 'info_slide') return [];
  if (after.phase === 'closed') return ['bell', 'result'];
  return after.phase === 'talk' ? ['bell'] : [];
}

let audio: AudioContext | null = null;

/** To be called from a touch or a key press: no browser lets a page sound before one. */
export function wake(): void {
  try {
    audio ??= new AudioContext();
    if (audio.state === 'suspended') audio.resume().catch(() => {});
  } catch {
    // A game goes on without sounds.
  }
}

/** Plays it, if the page may sound. */
export function play(sound: Sound): void {
  // What waits for a touch would be heard much too late.
  if (audio?.state !== 'running') return;
  try {
    for (const note of NOTES[sound]) strike(audio, note);
  } catch {
    // A game goes on without sounds.
  }
}

function strike(audio: AudioContext, { hertz, atMs, lastsMs, loudness }: Note): void {
  const from = audio.currentTime + atMs / 1000;
  const until = from + lastsMs / 1000;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  // A sudden start or end would click.
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(loudness, from + 0.006);
  volume.gain.exponentialRampToValueAtTime(0.0001, until);
  tone.connect(volume).connect(audio.destination);
  tone.start(from);
  tone.stop(until);
}
