import { expect, test } from 'vitest';
import { applies, phrase, summed, type Setting } from './open-room';

const teams: Setting = { name: 'teams', default: 'none', said: { shared: 'a phone for each team' }, applies: [] };
const count: Setting = {
  name: 'count',
  default: '',
  said: { '*': '{} teams' },
  applies: [
    ['teams', ['balanced', 'chosen']],
    ['names', ['']],
  ],
};
const late: Setting = { name: 'late', default: 'on', said: { '': 'no latecomers' }, applies: [] };
const of = (values: Record<string, string>) => (name: string) => values[name] ?? '';

test('a setting applies where all the others fit', () => {
  expect(applies(count, of({ teams: 'balanced' }))).toBe(true);
  expect(applies(count, of({ teams: 'none' }))).toBe(false);
  expect(applies(count, of({ teams: 'chosen', names: 'Red\nBlue' }))).toBe(false);
});

test('only what is not as usual is said', () => {
  expect(phrase(teams, of({ teams: 'none' }))).toBe('');
  expect(phrase(teams, of({ teams: 'shared' }))).toBe('a phone for each team');
  expect(phrase(count, of({ teams: 'balanced', count: '3' }))).toBe('3 teams');
  expect(phrase(count, of({ teams: 'none', count: '3' }))).toBe('');
  expect(phrase(count, of({ teams: 'balanced', count: '' }))).toBe('');
  expect(phrase(late, of({ late: 'on' }))).toBe('');
  expect(phrase(late, of({}))).toBe('no latecomers');
});

test('the summary is a sentence', () => {
  expect(summed(['', 'accuracy points', '', 'autoplay'])).toBe('Accuracy points, autoplay');
  expect(summed(['', ''])).toBe('');
});
