import { expect, test } from 'vitest';
import { fittingSize, labelsOf, replayed, tiled, tokensAfter, tokenWith } from './tokens';
import learned from './tokens.cases.json';

const { merges, cases } = learned;
const measure = () => 0.5;

test.each(cases)('numpy cuts “$text” after $after merges into the same tokens', ({ text, after, ids }) => {
  expect(tokensAfter(replayed(text, merges), after).map(({ id }) => id)).toEqual(ids);
});

test('a text cut with half the list is one cut with the whole list and stopped halfway', () => {
  const [text] = cases.map((each) => each.text);
  const whole = replayed(text ?? '', merges);
  const half = replayed(text ?? '', merges.slice(0, 150));

  expect(tokensAfter(whole, 150).map(({ id }) => id)).toEqual(tokensAfter(half, 150).map(({ id }) => id));
});

test('the tokens cover the text without a gap', () => {
  const replay = replayed('two words, é 💡', merges);

  for (const after of [0, 1, 100, 300]) {
    const tokens = tokensAfter(replay, after);
    expect(tokens[0]?.start).toBe(0);
    expect(tokens.at(-1)?.end).toBe(replay.bytes);
    for (const [i, { end }] of tokens.slice(0, -1).entries()) expect(tokens[i + 1]?.start).toBe(end);
  }
});

test('bytes, letters and words are counted apart', () => {
  expect(replayed('two  words, é 💡', merges)).toMatchObject({ bytes: 19, letters: 15, words: 4 });
});

test('a space is a dot, a part of a letter is a number', () => {
  expect(tokensAfter(replayed('é a', []), 0).map(({ label }) => label)).toEqual(['c3', 'a9', '·', 'a']);
  expect(labelsOf(merges).slice(256, 259)).toEqual(['·t', '·a', '·th']);
});

test('a letter is found in its token', () => {
  const replay = replayed('é the', merges);
  const tokens = tokensAfter(replay, 300);

  expect(tokens.map(({ label }) => label)).toEqual(['c3', 'a9', '·the']);
  expect([1, 2, 5, 80].map((letter) => tokenWith(replay, tokens, letter))).toEqual([0, 2, 2, 2]);
});

test('lines break where words start, and at the same words after every merge', () => {
  const replay = replayed('the directions of the vectors are nearly perpendicular', merges);

  const linesAfter = (after: number) => {
    const tiles = tiled(replay, after, 200, 10, measure);
    for (const { x, width } of tiles) expect(x + width).toBeLessThanOrEqual(200);
    return [...replay.starts].map((start) => tiles.find((tile) => tile.start <= start && start < tile.end)?.line);
  };

  expect(new Set(linesAfter(0)).size).toBeGreaterThan(2);
  for (const after of [50, 300]) expect(linesAfter(after)).toEqual(linesAfter(0));
});

test('a word longer than a line breaks between its tokens', () => {
  const tiles = tiled(replayed('x'.repeat(60), merges), 300, 100, 10, measure);

  expect(Math.max(...tiles.map(({ x, width }) => x + width))).toBeLessThanOrEqual(100);
  expect(tiles.at(-1)?.line).toBeGreaterThan(3);
});

test('letters are as large as so many lines allow', () => {
  const replay = replayed('nearly perpendicular', merges);
  const size = fittingSize(replay, 200, 1, { smallest: 5, largest: 40, measure });

  expect(tiled(replay, 0, 200, size, measure).at(-1)?.line).toBe(0);
  expect(tiled(replay, 0, 200, size + 1, measure).at(-1)?.line).toBe(1);
  expect(fittingSize(replay, 20, 1, { smallest: 5, largest: 40, measure })).toBe(5);
});
