import { expect, test } from 'vitest';
import type { Picture } from '../protocol.gen';
import { areOfClass } from './votes';

const WORDS = ['golf', 'chess'];

function pictureOf(options: string[], counts: number[]): Picture {
  return {
    id: 'nextword', seed: 7, title: '', caption: '', text: '', correction: '', source: '', class_text: '',
    params: {}, knobs: [], data: {}, check: [], class: { n: 3, values: [], counts, options },
  };
}

test('votes are the class’ own only if it chose just so', () => {
  expect(areOfClass(pictureOf(WORDS, [2, 1]), WORDS, [2, 1])).toBe(true);
  expect(areOfClass(pictureOf(WORDS, [1, 2]), WORDS, [2, 1])).toBe(false);
  expect(areOfClass(pictureOf(['yes', 'no'], [2, 1]), WORDS, [2, 1])).toBe(false);
  expect(areOfClass(pictureOf([], []), WORDS, [2, 1])).toBe(false);
});
