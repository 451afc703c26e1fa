import { expect, test } from 'vitest';
import { aroundBlank, escaped, withBlank } from './blank';

test('a prompt is split at its blank', () => {
  expect(aroundBlank('Breaking text into ______, which are vectors.')).toEqual({
    before: 'Breaking text into ',
    after: ', which are vectors.',
  });
});

test('a prompt may begin with its blank', () => {
  expect(aroundBlank('______ autoencoders')).toEqual({ before: '', after: ' autoencoders' });
});

test('one underscore is a name, not a blank', () => {
  expect(aroundBlank('What does W_up hold?')).toBeNull();
});

test('the blank of a rich prompt is filled with HTML, a plain answer as text', () => {
  expect(withBlank('The <em>norm</em> is ____.', `<b>${escaped('a < b & $&')}</b>`)).toBe('The <em>norm</em> is <b>a &#60; b &#38; $&#38;</b>.');
});
