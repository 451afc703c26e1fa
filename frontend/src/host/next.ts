import { words } from '../board/words';
import type { Stage } from '../room.svelte';

/** What the host's next press does, in words; null where nothing comes next. */
export function nextInWords(stage: Stage, rounds: number): string | null {
  switch (stage.phase) {
    case 'lobby':
      return words.start;
    case 'get_ready':
      return words.open;
    case 'asking':
      return words.close;
    case 'closed':
      return words.next;
    case 'explanation':
      return stage.round + 1 < rounds ? words.toStandings : words.toPodium;
    case 'standings':
      return words.nextQuestion;
    case 'podium':
    case 'ended':
      return null;
  }
}
