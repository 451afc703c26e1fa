import { words } from '../board/words';
import type { Phase } from '../protocol.gen';
import type { Stage } from '../room.svelte';

/**
 * What the host's next press does, in words; null where nothing comes next. `afterResult` is the
 * phase that follows each round's result.
 */
export function nextInWords(stage: Stage, rounds: number, afterResult: readonly Phase[]): string | null {
  switch (stage.phase) {
    case 'lobby':
      return words.start;
    case 'get_ready':
      return words.open;
    case 'asking':
      return words.close;
    case 'closed':
      return afterResult[stage.round] === 'explanation' ? words.explain : leaving(stage.round, rounds);
    case 'explanation':
      return leaving(stage.round, rounds);
    case 'standings':
      return words.nextQuestion;
    case 'podium':
    case 'ended':
      return null;
  }
}

function leaving(round: number, rounds: number): string {
  return round + 1 < rounds ? words.toStandings : words.toPodium;
}
