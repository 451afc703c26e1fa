import type { Stage } from '../room.svelte';

/** What else than moving on the host may do now. */
export interface Tools {
  canClock: boolean;
  canSkip: boolean;
  canRevote: boolean;
  isBetween: boolean;
}

/** `hasClock` is true while the phase has an end of its own, be it running or paused. */
export function toolsAt(stage: Stage, hasClock: boolean): Tools {
  const isSlide = 'question' in stage && stage.question.kind === 'info_slide';
  const isBeforeBell = ['get_ready', 'talk', 'asking'].includes(stage.phase) && !isSlide;
  return {
    canClock: hasClock && 'round' in stage,
    canSkip: isBeforeBell,
    // Once the second vote has begun the first can't be unmade.
    canRevote: isBeforeBell && !('vote' in stage && stage.vote === 2),
    isBetween: ['closed', 'explanation', 'standings'].includes(stage.phase),
  };
}
