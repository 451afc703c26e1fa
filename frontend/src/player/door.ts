import type { CommandRefused, Reason } from '../protocol.gen';

export type Field = 'nickname' | 'members' | 'team' | 'code' | 'letters' | 'form';

/** Why the door stayed shut; null where another command was refused, or none. */
export function doorRefusal(refusal: CommandRefused | null): Reason | null {
  return refusal?.command === 'take_seat' || refusal?.command === 'use_personal_code' ? refusal.reason : null;
}

/** Where on the door that is to be said. */
export function fieldOf(reason: Reason): Field {
  switch (reason) {
    case 'nickname_empty':
    case 'nickname_too_long':
    case 'nickname_taken':
    case 'nickname_unfit':
      return 'nickname';
    case 'members_unfit':
      return 'members';
    case 'team_unknown':
      return 'team';
    case 'personal_code_wrong':
      return 'code';
    case 'second_code_wrong':
      return 'letters';
    default:
      return 'form';
  }
}

/** A code as it was given out, however it was typed. */
export function tidyCode(typed: string): string {
  return typed.replace(/[\s-]/g, '').toUpperCase();
}
