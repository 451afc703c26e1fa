// What the podcast's page says.
export const words = {
  player: 'Player',
  play: 'Play',
  pause: 'Pause',
  back: 'Back 15 seconds',
  on: 'On 30 seconds',
  speed: 'Speed',
  times: (speed: number) => `${speed}×`,
  place: 'Place in the episode',
  placed: (at: string, of: string, chapter: string) => `${at} of ${of}, ${chapter}`,
  left: (time: string) => `−${time}`,
  playFrom: (speaker: string, at: string) => `${speaker}: play from ${at}`,
  follow: 'To what is said now',
  spokenBy: (voice: string) => `Spoken by ${voice}.`,
  starting: 'The recording is about to begin. Here is what they will say.',
  recording: (turns: number, all: number, voice: string) =>
    `Being recorded by ${voice}: ${turns} of ${all} turns are there. You can listen already.`,
  waiting: 'The next part is still being recorded.',
  browser: {
    two: 'There is no recording here, so this browser reads it with two of its own voices.',
    one: 'There is no recording here, so this browser reads it with its own voice.',
  },
  silent: 'There is no recording here, and this browser has no voice for this language. Here is what they say.',
  failed: 'The sound can’t be played. Check the connection and try again.',
  keep: {
    start: 'Keep for offline',
    keeping: 'Keeping …',
    kept: 'Kept for offline',
    drop: 'Remove from this device',
    failed: 'It couldn’t be kept: the connection broke off, or this device is full.',
  },
};
