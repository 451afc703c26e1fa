import { expect, test } from 'vitest';
import type { Knob, Picture } from '../protocol.gen';
import { knobsIn, queryOf } from './address';

const plain: Knob = {
  key: 'bias',
  label: 'bias',
  min: -2,
  max: 2,
  step: 0.5,
  start: 0,
  scale: 'linear',
  where: 'client',
  options: [],
};
const ideas: Knob = { ...plain, key: 'ideas', min: 2, max: 8, step: 1, where: 'server' };
const picture: Picture = {
  id: 'toy',
  seed: 7,
  title: '',
  caption: '',
  text: '',
  correction: '',
  source: '',
  params: { ideas: 5, bias: 0, words: ['a', 'b'] },
  knobs: [plain, ideas],
  data: {},
  check: [],
  class: { n: 0, values: [], counts: [], options: [] },
  class_text: '',
};

test('an address brings the browser’s knobs to where they can rest', () => {
  expect(knobsIn(new URLSearchParams('bias=0.6&ideas=3&other=1'), picture.knobs)).toEqual({ bias: 0.5 });
  expect(knobsIn(new URLSearchParams('bias=99'), picture.knobs)).toEqual({ bias: 2 });
});

test('what is no number is left alone', () => {
  for (const value of ['', 'many', 'NaN', 'Infinity', '{}']) {
    expect(knobsIn(new URLSearchParams({ bias: value }), picture.knobs)).toEqual({});
  }
});

test('a turned picture leads back to itself', () => {
  const query = new URLSearchParams(queryOf(picture, { bias: -1.5 }, undefined, false));

  expect(Object.fromEntries(query)).toEqual({ ideas: '5', words: '["a","b"]', bias: '-1.5' });
  expect(knobsIn(query, picture.knobs)).toEqual({ bias: -1.5 });
});

test('typed text and the large view are in the address too', () => {
  const query = new URLSearchParams(queryOf(picture, {}, 'a & b', true));

  expect(query.get('typed')).toBe('a & b');
  expect(query.get('large')).toBe('1');
});
