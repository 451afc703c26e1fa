import type { Answer } from '../room.svelte';

/** Where an answer goes: a live room, or a quiz alone. */
export interface Answering {
  readonly answer: Answer | null;
  readonly isAnswerAccepted: boolean;
  submit(answer: Answer): void;
}
