import { expect, test } from 'vitest';
import { question, result } from '../board/examples';
import type { StageOf } from '../room.svelte';
import { toolsAt } from './tools';

const asking: StageOf<'asking'> = { phase: 'asking', round: 0, vote: 1, question };

test('an open question may be paused, left out, or voted on again', () => {
  expect(toolsAt(asking, true)).toEqual({ canClock: true, canSkip: true, canRevote: true, isBetween: false });
});

test('without a clock there is nothing to pause', () => {
  expect(toolsAt(asking, false).canClock).toBe(false);
  expect(toolsAt({ phase: 'lobby' }, true).canClock).toBe(false);
});

test('a second vote is the last', () => {
  expect(toolsAt({ ...asking, phase: 'talk', vote: 2 }, true)).toEqual({ canClock: true, canSkip: true, canRevote: false, isBetween: false });
});

test('what is scored stays, and a slide is only gone on from', () => {
  expect(toolsAt({ phase: 'closed', round: 0, question, result, has_standings: true, teams: [] }, false)).toEqual({
    canClock: false,
    canSkip: false,
    canRevote: false,
    isBetween: true,
  });
  expect(toolsAt({ ...asking, question: { ...question, kind: 'info_slide' } }, false).canSkip).toBe(false);
});
