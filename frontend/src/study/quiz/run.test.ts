import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GivenAnswer, QuestionView, RunView, Verdict } from '../messages.gen';
import { Run } from './run.svelte';

const kept = new Map<string, string>();
/** What the server gets and what it replies, one after the other; none is no connection. */
let asked: GivenAnswer[] = [];
let replies: ({ status: number; body: unknown } | null)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  kept.clear();
  asked = [];
  replies = [];
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal('document', { cookie: 'csrftoken=abc' });
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  vi.stubGlobal('fetch', async (_address: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body));
    if (replies.length === 0) return new Promise(() => {}); // the reply is slow
    const reply = replies.shift();
    if (!reply) throw new TypeError('no connection');
    return Response.json(reply.body, { status: reply.status });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const SLIDE = 'info_slide';

function view(kinds: QuestionView['kind'][], answered: number[] = []): RunView {
  return {
    key: 'k',
    title: 'Angles',
    language: 'en',
    back: '/lessons/angles/',
    answer_address: '/answer/',
    again_address: '/begin/',
    new: [],
    questions: kinds.map((kind) => ({
      kind,
      prompt: '?',
      points: 1000,
      limit_ms: null,
      options: ['a', 'b'],
      scale: null,
      unit: '',
      per_option: false,
      body: '',
      image: null,
      rich: {},
    })),
    verdicts: answered.map(verdict),
    closed: '',
  };
}

function verdict(round: number): Verdict {
  const key = { right: [0], accepted: [], number: null, tolerance: 0, rich: {} };
  return { round, answer: null, is_right: false, part: 0, elapsed_ms: 1, key, note: '', rich: {}, picture: null, source: null };
}

test('a run goes on at the first question without an answer, or at the slide before it', () => {
  const kinds: QuestionView['kind'][] = ['true_false', SLIDE, 'poll', SLIDE, 'true_false', SLIDE];

  expect(new Run(view(kinds)).round).toBe(0);
  expect(new Run(view(kinds, [0])).round).toBe(1);
  expect(new Run(view(kinds, [0, 2])).round).toBe(3);
  expect(new Run(view(kinds, [0, 2, 4])).isOver).toBe(true);
});

test('an answer is kept until the server has it, over a lost line and a reload', async () => {
  const before = new Run(view(['true_false', 'poll']));
  replies = [null];
  before.submit({ kind: 'choice', choice: 1 });
  await vi.advanceTimersByTimeAsync(500);
  expect(before.problem).toBe('No connection. Your answer is kept here and sent when it is back.');

  replies = [{ status: 200, body: verdict(0) }];
  const after = new Run(view(['true_false', 'poll']));
  expect(after.answer).toEqual({ kind: 'choice', choice: 1 });
  await vi.advanceTimersByTimeAsync(500);

  expect(after.verdict).toEqual(verdict(0));
  expect(kept.size).toBe(0);
  expect(asked[1]).toEqual(asked[0]);
});

test('it is sent again by itself', async () => {
  const run = new Run(view(['true_false']));
  replies = [null, { status: 503, body: {} }, { status: 200, body: verdict(0) }];
  run.submit(null);
  await vi.advanceTimersByTimeAsync(4_000);

  expect(asked).toHaveLength(3);
  expect([run.verdict, run.problem, run.pending]).toEqual([verdict(0), '', null]);
});

test('a slow server is said to be slow', async () => {
  const run = new Run(view(['true_false']));
  run.submit(null);
  await vi.advanceTimersByTimeAsync(2_900);
  expect(run.problem).toBe('');
  await vi.advanceTimersByTimeAsync(200);
  expect(run.problem).toBe('The server is slow to reply. Your answer is kept.');
});

test('after its end the run is over as it stands', async () => {
  const run = new Run(view(['true_false', 'poll'], [0]));
  replies = [{ status: 410, body: { problem: 'Too late.' } }];
  run.submit({ kind: 'choice', choice: 1 });
  await vi.advanceTimersByTimeAsync(10);

  expect([run.isOver, run.closed, run.verdicts, kept.size]).toEqual([true, 'Too late.', { 0: verdict(0) }, 0]);
});

test('what is refused can be answered otherwise', async () => {
  const run = new Run(view(['true_false']));
  replies = [{ status: 400, body: { problem: 'No answer.' } }];
  run.submit({ kind: 'choice', choice: 4 });
  await vi.advanceTimersByTimeAsync(10);

  expect([run.problem, run.answer, run.isOver]).toEqual(['No answer.', null, false]);
});

test('that a new question is no good is told once, or why it could not be', async () => {
  const source = { sentence: 'So it is.', section: null, report_address: '/report/', is_reported: false };
  const reported = { ...verdict(0), source: { ...source, is_reported: true } };
  const run = new Run(view(['true_false'], [0]));
  replies = [null, { status: 200, body: reported }];

  await run.report(0, source);
  expect(run.unreported).toBe('That didn’t reach the server. Check the connection and try again.');
  await run.report(0, source);
  expect([run.unreported, run.verdicts]).toEqual(['', { 0: reported }]);
});
