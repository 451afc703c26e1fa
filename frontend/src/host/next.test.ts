import { expect, test } from 'vitest';
import { question, result, settings, switches } from '../board/examples';
import type { StageOf } from '../room.svelte';
import { type Course, nextInWords } from './next';

const course: Course = { rounds: 3, afterResult: ['explanation', 'standings', 'podium'], settings, switches };
const revoting = { ...course, switches: { ...switches, is_revoting: true } };
const asking: StageOf<'asking'> = { phase: 'asking', round: 0, vote: 1, question };
const talk: StageOf<'talk'> = { phase: 'talk', round: 0, vote: 1, question };
const poll = { ...question, kind: 'poll' as const };

function closed(round: number, asked = question): StageOf<'closed'> {
  return { phase: 'closed', round, question: asked, result, has_standings: true, teams: [] };
}

function explained(round: number, asked = question): StageOf<'explanation'> {
  return { phase: 'explanation', round, question: asked, result, note: '', picture: null, rich: {} };
}

test('the button says what it does', () => {
  expect(nextInWords({ phase: 'lobby' }, course)).toBe('Start');
  expect(nextInWords({ phase: 'get_ready', round: 0, points: 1000 }, course)).toBe('Open the question');
  expect(nextInWords(asking, course)).toBe('Close now');
  expect(nextInWords({ phase: 'standings', round: 1, top: [], teams: [], players: 0 }, course)).toBe('Next question');
});

test('after a result it says whether a picture or a note follows', () => {
  expect([0, 1, 2].map((round) => nextInWords(closed(round), course))).toEqual(['Show why', 'Standings', 'Podium']);
  expect([0, 2].map((round) => nextInWords(explained(round), course))).toEqual(['Standings', 'Podium']);
});

test('a page that doesn’t know what follows doesn’t promise it', () => {
  expect(nextInWords(closed(0), { ...course, afterResult: [] })).toBe('Go on');
});

test('teams talk before the vote, neighbours between two votes', () => {
  const talking = { ...course, settings: { ...settings, team_talk_s: 30 } };

  expect(nextInWords({ phase: 'get_ready', round: 0, points: 1000 }, talking)).toBe('Talk it over');
  expect(nextInWords(talk, talking)).toBe('Open the vote');
  expect(nextInWords(asking, revoting)).toBe('Talk it over');
  expect(nextInWords({ ...talk, vote: 2 }, revoting)).toBe('Vote again');
  expect(nextInWords({ ...asking, vote: 2 }, revoting)).toBe('Close now');
});

test('where no points have changed, or the host doesn’t want them, there are no standings', () => {
  const without = { ...course, switches: { ...switches, has_standings: false } };

  expect(nextInWords(closed(1), without)).toBe('Next question');
  expect(nextInWords(explained(0), without)).toBe('Next question');
  expect(nextInWords(closed(1, poll), course)).toBe('Next question');
});

test('a slide is only gone on from, whatever the room does with questions', () => {
  expect(nextInWords({ ...asking, question: { ...question, kind: 'info_slide' } }, revoting)).toBe('Go on');
});

test('nothing follows the podium', () => {
  expect(nextInWords({ phase: 'podium', title: '', top: [], teams: [], players: 0 }, course)).toBeNull();
});
