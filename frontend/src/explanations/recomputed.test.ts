import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Knob, Picture } from '../protocol.gen';
import { addressOf, Recomputed } from './recomputed.svelte';
import { words } from './words/frame';

const ideas: Knob = {
  key: 'ideas',
  label: 'ideas',
  min: 2,
  max: 8,
  step: 1,
  start: 5,
  scale: 'linear',
  where: 'server',
  options: [],
};
const picture: Picture = {
  id: 'toy',
  seed: 7,
  title: '',
  caption: 'five',
  text: '',
  correction: '',
  source: '',
  params: { ideas: 5, decay: 0.9 },
  knobs: [ideas, { ...ideas, key: 'rarity', where: 'client' }],
  data: {},
  check: [],
  class: { n: 3, values: [1, 2, 3], counts: [], options: [] },
  class_text: 'The class guessed.',
};
const plain: Picture = { ...picture, class: { n: 0, values: [], counts: [], options: [] }, class_text: '' };

const asked: string[] = [];
let replies: (() => Response | Promise<Response>)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    return Promise.resolve(replies.shift()?.() ?? Response.error());
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function answering(ideas: number): () => Response {
  return () => Response.json({ ...plain, params: { ...plain.params, ideas }, caption: `${ideas}` });
}

test('the address names every parameter and the seed', () => {
  expect(addressOf(picture, { ideas: 3, rarity: 9 })).toBe('/explanations/toy/picture.json?ideas=3&decay=0.9&seed=7');
});

test('a server knob that rests brings a new picture, with the class still in it', async () => {
  replies = [answering(3)];
  const own = new Recomputed();

  own.turned(picture, { ideas: 8 });
  own.turned(picture, { ideas: 3 });
  await vi.advanceTimersByTimeAsync(300);

  expect(asked).toEqual(['/explanations/toy/picture.json?ideas=3&decay=0.9&seed=7']);
  expect(own.picture?.params.ideas).toBe(3);
  expect(own.picture?.class.values).toEqual([1, 2, 3]);
  expect(own.picture?.class_text).toBe('The class guessed.');
});

test('a knob of the browser asks for nothing', async () => {
  const own = new Recomputed();

  own.turned(picture, { rarity: 3, ideas: 5 });
  await vi.advanceTimersByTimeAsync(1000);

  expect(asked).toEqual([]);
});

test('an answer that was overtaken is dropped', async () => {
  let answer: (reply: Response) => void = () => {};
  replies = [() => new Promise<Response>((resolve) => (answer = resolve)), answering(4)];
  const own = new Recomputed();

  own.turned(picture, { ideas: 3 });
  await vi.advanceTimersByTimeAsync(300);
  own.turned(picture, { ideas: 4 });
  await vi.advanceTimersByTimeAsync(300);
  answer(answering(3)());
  await vi.advanceTimersByTimeAsync(10);

  expect(own.picture?.params.ideas).toBe(4);
});

test('a busy server is asked again, then said to be busy', async () => {
  const busy = () => Response.json({ problem: 'busy' }, { status: 503 });
  replies = [busy, answering(3)];
  const own = new Recomputed();
  own.turned(picture, { ideas: 3 });
  await vi.advanceTimersByTimeAsync(2000);
  expect(own.picture?.params.ideas).toBe(3);

  replies = Array.from({ length: 9 }, () => busy);
  own.turned(picture, { ideas: 4 });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(own.problem).toBe(words.busy);
});

test('what the server refuses is said in its words', async () => {
  replies = [() => Response.json({ problem: 'ideas must be smaller.' }, { status: 400 })];
  const own = new Recomputed();

  own.turned(picture, { ideas: 3 });
  await vi.advanceTimersByTimeAsync(300);

  expect(own.problem).toBe('ideas must be smaller.');
  own.turned(picture, { ideas: 5 });
  expect(own.problem).toBe('');
});

test('without a network it says so', async () => {
  replies = [() => Promise.reject(new TypeError('Failed to fetch'))];
  const own = new Recomputed();

  own.turned(picture, { ideas: 3 });
  await vi.advanceTimersByTimeAsync(300);

  expect(own.problem).toBe(words.unreachable);
});

test('a picture from outside ends what was asked', async () => {
  replies = [answering(3)];
  const own = new Recomputed();

  own.turned(picture, { ideas: 3 });
  own.stop();
  await vi.advanceTimersByTimeAsync(300);

  expect(own.picture).toBeUndefined();
  expect(asked).toEqual([]);
});
