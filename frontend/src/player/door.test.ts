import { expect, test } from 'vitest';
import { doorRefusal, fieldOf, tidyCode } from './door';

test('a refusal is said where it can be mended', () => {
  expect(fieldOf('nickname_taken')).toBe('nickname');
  expect(fieldOf('members_unfit')).toBe('members');
  expect(fieldOf('team_unknown')).toBe('team');
  expect(fieldOf('personal_code_wrong')).toBe('code');
  expect(fieldOf('second_code_wrong')).toBe('letters');
  expect(fieldOf('room_locked')).toBe('form');
});

test('only the door’s own commands are refused at the door', () => {
  expect(doorRefusal(null)).toBe(null);
  expect(doorRefusal({ type: 'command_refused', command: 'submit_answer', reason: 'too_late' })).toBe(null);
  expect(doorRefusal({ type: 'command_refused', command: 'take_seat', reason: 'room_full' })).toBe('room_full');
  expect(doorRefusal({ type: 'command_refused', command: 'use_personal_code', reason: 'room_over' })).toBe('room_over');
});

test('spaces, hyphens and small letters in a code don’t matter', () => {
  expect(tidyCode(' k7mp-2q ')).toBe('K7MP2Q');
});
