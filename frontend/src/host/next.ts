import { isScored } from '../board/right';
import { words } from '../board/words';
import type { Phase, RoomSettings, Switches } from '../protocol.gen';
import type { Stage } from '../room.svelte';

/** What decides where a room goes, apart from where it is. */
export interface Course {
  rounds: number;
  /** The phase that follows each round's result; empty where the page doesn't know. */
  afterResult: readonly Phase[];
  settings: RoomSettings | null;
  switches: Switches;
}

/** What the host's next press does, in words; null where nothing comes next. */
export function nextInWords(stage: Stage, course: Course): string | null {
  switch (stage.phase) {
    case 'lobby':
      return words.start;
    case 'get_ready':
      return course.settings?.team_talk_s ? words.talk : words.open;
    case 'talk':
      return stage.vote === 2 ? words.voteAgain : words.openVote;
    case 'asking':
      if (stage.question.kind === 'info_slide') return words.goOn;
      return course.switches.is_revoting && stage.vote === 1 ? words.talk : words.close;
    case 'closed':
      if (course.afterResult.length === 0) return words.goOn;
      return course.afterResult[stage.round] === 'explanation' ? words.explain : leaving(stage, course);
    case 'explanation':
      return leaving(stage, course);
    case 'standings':
      return words.nextQuestion;
    case 'podium':
    case 'ended':
      return null;
  }
}

function leaving(stage: Extract<Stage, { phase: 'closed' | 'explanation' }>, course: Course): string {
  if (stage.round + 1 === course.rounds) return words.toPodium;
  return course.switches.has_standings && isScored(stage.question) ? words.toStandings : words.nextQuestion;
}
