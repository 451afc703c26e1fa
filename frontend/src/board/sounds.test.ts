import { expect, test, vi } from 'vitest';
import type { StageOf } from '../room.svelte';
import { question, result } from './examples';
import { play, soundsBetween, wake } from './sounds';

const asking: StageOf<'asking'> = { phase: 'asking', round: 0, vote: 1, question };
const closed: StageOf<'closed'> = { phase: 'closed', round: 0, question, result, has_standings: true, teams: [] };
const podium: StageOf<'podium'> = { phase: 'podium', title: '', top: [], teams: [], players: 0 };

test('a question closes with a bell and its result', () => {
  expect(soundsBetween(asking, closed)).toEqual(['bell', 'result']);
  expect(soundsBetween(asking, { ...asking, phase: 'talk', vote: 2 })).toEqual(['bell']);
});

test('the podium has its own', () => {
  expect(soundsBetween(closed, podium)).toEqual(['podium']);
});

test('a page that opens in the middle is quiet, and so are slides and skipped questions', () => {
  expect(soundsBetween(null, podium)).toEqual([]);
  expect(soundsBetween({ ...asking, question: { ...question, kind: 'info_slide' } }, closed)).toEqual([]);
  expect(soundsBetween(asking, { phase: 'get_ready', round: 1, points: 1000 })).toEqual([]);
});

test('a browser without sound, or one that forbids it, is no error', () => {
  expect(() => (wake(), play('bell'))).not.toThrow();
  vi.stubGlobal('AudioContext', class { state = 'suspended'; resume = () => Promise.reject(new Error('NotAllowedError')); });
  expect(() => (wake(), play('tick'))).not.toThrow();
  vi.unstubAllGlobals();
});
