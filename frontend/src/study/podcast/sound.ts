// What can be heard: a recording, or the browser's own voices. Both are played by these few words.

export interface Sound {
  /** From this ms on. */
  play(from: number): void;
  pause(): void;
  setSpeed(speed: number): void;
}

/** Whom a sound tells how it goes. */
export interface Listener {
  at(ms: number): void;
  /** Nothing is heard just now, although it is played: the network is slow, or more is yet to be recorded. */
  waits(): void;
  paused(): void;
  ended(): void;
  failed(): void;
}
