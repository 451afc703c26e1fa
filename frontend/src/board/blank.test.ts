import { expect, test } from 'vitest';
import { aroundBlank } from './blank';

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
