// Every sentence the browser says. A placeholder stands in braces; {n} also chooses the plural.

import type { Reason } from './protocol.gen';

const catalogue = catalogueOf({
  // The room's refusals, one for each Reason.
  nickname_empty: 'Type a nickname first. It needs at least one letter or digit.',
  nickname_too_long: 'That is longer than 20 characters. Try a shorter one.',
  nickname_taken: 'Somebody here has that nickname already. Try another.',
  team_unknown: 'Choose one of the teams.',
  room_full: 'This room is full. Ask your teacher to open another.',
  room_locked: 'Your teacher has closed the door of this room.',
  room_over: 'This game is over.',
  not_asking: 'The question isn’t open.',
  wrong_round: 'That question is over. Your answer was not counted.',
  too_late: 'The bell was faster. Your answer was not counted.',
  answer_unfit: 'That can’t be an answer to this question. Try again.',
  already_answered: 'Your first answer counts.',
  no_such_player: 'That player has left.',
  moved_already: 'The room has moved on already.',
  try_again: 'That didn’t go through. Try again.',

  // The connection
  connecting: 'Connecting…',
  reconnecting: 'The connection is gone. Trying to get it back…',
  no_seat: 'Your seat in this room is no longer good. Open this page again to take a new one.',
  kicked_title: 'You were sent away',
  kicked: 'The host has taken you out of this room.',
  no_such_room_title: 'There is no such room',
  no_such_room: 'It may be over, or a digit may be wrong. The code is on the projector.',
  taken_over_title: 'You are playing elsewhere',
  taken_over: 'Your seat is open in a newer tab or window. Go on there, or take it back here.',
  take_back: 'Play here',
  malformed_title: 'This page is out of date',
  malformed: 'Load it again to go on. Your seat and points are kept.',
  reload: 'Load again',
  another_code: 'Type another code',

  // The door
  join_room: 'Join room {code}',
  nickname: 'Your nickname',
  nickname_hint: 'Up to 20 characters. Everybody in the room sees it.',
  team: 'Your team',
  sit_down: 'Join',

  // The lobby
  you_are_in: 'You’re in, {nickname}',
  in_team: 'Team {team}',
  wait_for_host: 'Your name is on the board. The game starts when the host starts it.',

  // A question
  round_of: 'Question {round} of {rounds}',
  get_ready: 'Get ready',
  double_points: 'Double points',
  no_points: 'Just for practice, no points',
  points: { one: '{n} point', other: '{n} points' },
  seconds_left: { one: '{n} second left', other: '{n} seconds left' },
  half_time: 'Half of the time is left',
  time_is_up: 'Time is up',
  option: '{letter}, {text}',
  choose_one: 'Choose one',
  choose_several: 'Choose all that are right, then send',
  type_answer: 'Your answer',
  guess_number: 'Your guess',
  guess_between: 'from {low} to {high}',
  order_hint: 'Tap the steps in their order, the first one first',
  order_undo: 'Start over',
  place_of: 'place {place}',
  not_placed: 'not placed yet',
  send: 'Send',
  sent: 'sent',
  in: 'in',
  answer_sent: 'Your answer is on its way.',
  answer_in: 'Your answer is in.',
  wait_for_bell: 'Your answer is in. Wait for the bell.',

  // A result
  right: 'Right',
  wrong: 'Not this time',
  no_answer: 'No answer from you',
  saw_no_question: 'You came when this question was over. The next one is yours.',
  points_earned: '+{n}',
  bonus: '{n} of them for your streak',
  streak: { one: '{n} right in a row', other: '{n} right in a row' },
  you_answered: 'You said',
  right_answer: { one: 'Right answer', other: 'Right answers' },
  within: 'within {tolerance} counts',
  place: 'Place {rank}',
  places_up: { one: 'up {n} place', other: 'up {n} places' },
  places_down: { one: 'down {n} place', other: 'down {n} places' },
  same_place: 'same place',
  right_share: '{right} of {answered} got it right',

  // Explanations, standings, the end
  explanation: 'Why',
  explanation_loading: 'Drawing the picture…',
  explanation_failed: 'The picture didn’t load. It is on the projector too.',
  standings: 'Standings',
  you: 'you',
  your_team: 'your team',
  teams: 'Teams',
  players: { one: '{n} player', other: '{n} players' },
  podium: 'The podium',
  final_place: 'You came {rank} of {players}',
  final_points: { one: 'with {n} point', other: 'with {n} points' },
  ended_title: 'The game is over',
  ended: 'Thank you for playing.',
});

export type Word = keyof typeof catalogue;

/** The sentence, its placeholders filled. Whole numbers are grouped: 4,120. */
export function say<K extends Word>(key: K, ...[values]: Arguments<K>): string {
  const entry: Entry = catalogue[key];
  const given: Values = values ?? {};
  const n = given.n;
  const text = typeof entry === 'string' ? entry : n === 1 ? entry.one : entry.other;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => shown(given[name] ?? ''));
}

/** The sentence for the game's no. */
export function sayNo(reason: Reason): string {
  return say(reason);
}

export function shown(value: string | number): string {
  return typeof value === 'number' ? numbers.format(value) : value;
}

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });

type Entry = string | { one: string; other: string };
type Values = Record<string, string | number>;
type Names<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Texts<E extends Entry> = E extends { one: string; other: string } ? E['other'] : Extract<E, string>;
type Placeholders<K extends Word> = Names<Texts<(typeof catalogue)[K]>>;
type Arguments<K extends Word> = [Placeholders<K>] extends [never]
  ? [values?: undefined]
  : [values: Record<Placeholders<K>, string | number>];

function catalogueOf<const T extends Record<string, Entry>>(entries: T): T {
  return entries;
}
