import { beforeEach, expect, test } from 'vitest';
import type { Knob, OwnResult, PlayerWelcomed, QuestionView, RoundResult } from './protocol.gen';
import { type Keeper, Room, type StageOf } from './room.svelte';
import type { Command } from './socket';

const question: QuestionView = {
  kind: 'single_choice',
  prompt: 'Which is nearest?',
  points: 1000,
  limit_ms: 20_000,
  options: ['45', '90'],
  scale: null,
};
const result: RoundResult = {
  right: [1],
  accepted: [],
  number: null,
  tolerance: 0,
  counts: [0, 1],
  guesses: [],
  players: 1,
  answered: 1,
  right_count: 1,
  fastest: null,
};
const own: OwnResult = {
  round: 0,
  answered: true,
  is_right: true,
  elapsed_ms: 2000,
  points: 967,
  bonus: 0,
  total: 967,
  rank: 1,
  rank_before: null,
  streak: 1,
};
const welcome: PlayerWelcomed = {
  type: 'player_welcomed',
  seat: { player: 'p1', nickname: 'Ada', team: null },
  token: 'first',
  rounds: 2,
  stage: { phase: 'asking', round: 0, question },
  remaining_ms: 5_000,
  knobs: {},
  answer: null,
  own: null,
};

const knob: Knob = {
  key: 'rarity',
  label: 'rarity',
  min: 1,
  max: 10,
  step: 1,
  start: 1,
  scale: 'linear',
  where: 'client',
  options: [],
};
const explained: StageOf<'explanation'> = {
  phase: 'explanation',
  round: 0,
  question,
  result,
  note: '',
  picture: {
    id: 'toy',
    seed: 7,
    title: '',
    caption: '',
    text: '',
    correction: '',
    source: '',
    params: { ideas: 5 },
    knobs: [knob, { ...knob, key: 'ideas', where: 'server' }],
    data: {},
    check: [],
    class: { n: 0, values: [], counts: [], options: [] },
    class_text: '',
  },
};

let keeper: Keeper;
let sent: Command[];
let room: Room;

beforeEach(() => {
  keeper = { token: null };
  sent = [];
  room = new Room(keeper, (command) => sent.push(command));
});

test('a welcome seats the player, keeps the token and starts the clock from now', () => {
  const before = performance.now();
  room.apply({ type: 'door_opened', teams: ['Vectors'] });
  room.apply(welcome);

  expect(keeper.token).toBe('first');
  expect(room.doorTeams).toBe(null);
  expect(room.seat?.nickname).toBe('Ada');
  expect(room.round).toBe(0);
  expect(room.deadline).toBeGreaterThanOrEqual(before + 5_000);
  expect(room.deadline).toBeLessThanOrEqual(performance.now() + 5_000);
});

test('a phase that only the host ends has no deadline', () => {
  room.apply({ ...welcome, stage: { phase: 'lobby' }, remaining_ms: null });

  expect(room.deadline).toBe(null);
});

test('an answer is sent for the round on show, and counts once the room says so', () => {
  room.apply(welcome);
  room.submit({ kind: 'choice', choice: 1 });

  expect(sent).toEqual([{ type: 'submit_answer', round: 0, answer: { kind: 'choice', choice: 1 } }]);
  expect(room.isAnswerAccepted).toBe(false);

  room.apply({ type: 'answer_accepted', round: 0, answer: { kind: 'choice', choice: 1 } });
  expect(room.isAnswerAccepted).toBe(true);
});

test('an answer that nobody acknowledged is sent again after coming back', () => {
  room.apply(welcome);
  room.submit({ kind: 'choice', choice: 1 });
  sent.length = 0;
  room.apply({ ...welcome, token: 'second' });

  expect(sent).toEqual([{ type: 'submit_answer', round: 0, answer: { kind: 'choice', choice: 1 } }]);
  expect(room.answer).toEqual({ kind: 'choice', choice: 1 });
});

test('an answer that arrived before the line broke is not sent again', () => {
  room.apply(welcome);
  room.submit({ kind: 'choice', choice: 1 });
  sent.length = 0;
  room.apply({ ...welcome, answer: { kind: 'choice', choice: 1 } });

  expect(sent).toEqual([]);
  expect(room.isAnswerAccepted).toBe(true);
});

test('an answer to a question that closed meanwhile came too late', () => {
  room.apply(welcome);
  room.submit({ kind: 'choice', choice: 1 });
  sent.length = 0;
  room.apply({ ...welcome, stage: { phase: 'closed', round: 0, question, result } });

  expect(sent).toEqual([]);
  expect(room.answer).toBe(null);
  expect(room.refusal?.reason).toBe('too_late');
});

test('a refused answer may be given again, an answer given before stands', () => {
  room.apply(welcome);
  room.submit({ kind: 'choice', choice: 1 });
  room.apply({ type: 'command_refused', command: 'submit_answer', reason: 'try_again' });
  expect(room.answer).toBe(null);
  expect(room.refusal?.reason).toBe('try_again');

  room.submit({ kind: 'choice', choice: 0 });
  room.apply({ type: 'command_refused', command: 'submit_answer', reason: 'already_answered' });
  expect(room.isAnswerAccepted).toBe(true);
});

test('the next round starts without the last one’s answer, result and knobs, but with its points', () => {
  room.apply(welcome);
  room.submit({ kind: 'choice', choice: 1 });
  room.apply({ type: 'stage_changed', remaining_ms: null, stage: { phase: 'closed', round: 0, question, result }, own });
  expect(room.result?.points).toBe(967);
  room.apply({ type: 'knobs_turned', round: 0, knobs: { dimensions: 100 } });
  expect(room.knobs).toEqual({ dimensions: 100 });

  room.apply({
    type: 'stage_changed',
    remaining_ms: 3_000,
    stage: { phase: 'get_ready', round: 1, points: 1000 },
    own: null,
  });
  expect(room.answer).toBe(null);
  expect(room.result).toBe(null);
  expect(room.knobs).toEqual({});
  expect(room.points).toBe(967);
});

test('knobs and counts of another round change nothing', () => {
  room.apply(welcome);
  room.apply({ type: 'knobs_turned', round: 1, knobs: { dimensions: 3 } });
  room.apply({ type: 'answers_counted', round: 1, answered: 9 });

  expect(room.knobs).toEqual({});
  expect(room.answered).toBe(0);
});

test('seats come once each and go by their public id', () => {
  const ada = { player: 'p1', nickname: 'Ada', team: null };
  const ben = { player: 'p2', nickname: 'Ben', team: null };
  room.apply({
    type: 'screen_welcomed',
    code: '384019',
    rounds: 2,
    is_locked: false,
    seats: [ada],
    present: 1,
    answered: 0,
    stage: { phase: 'lobby' },
    remaining_ms: null,
    knobs: {},
  });
  room.apply({ type: 'seats_changed', joined: [ada, ben], left: [], present: 2 });
  expect(room.seats).toEqual([ada, ben]);

  room.apply({ type: 'seats_changed', joined: [], left: ['p1'], present: 1 });
  expect(room.seats).toEqual([ben]);
  expect(room.present).toBe(1);
});

test('the host moves on from the phase and round on show', () => {
  room.apply({ ...welcome, stage: { phase: 'closed', round: 1, question, result } });
  room.moveOn();

  expect(sent).toEqual([{ type: 'move_on', phase: 'closed', round: 1 }]);
});

test('a seat that is no longer good is forgotten and the door tried once', () => {
  keeper.token = 'stale';

  expect(room.end('no_seat')).toBe(true);
  expect(keeper.token).toBe(null);
  expect(room.ending).toBe(null);

  expect(room.end('no_seat')).toBe(false);
  expect(room.ending).toBe('no_seat');
});

test('a kicked player’s token is forgotten, a taken-over seat’s is kept', () => {
  keeper.token = 'mine';
  expect(room.end('taken_over')).toBe(false);
  expect(keeper.token).toBe('mine');

  expect(room.end('kicked')).toBe(false);
  expect(keeper.token).toBe(null);
});

test('whoever comes back sees the picture as the host has turned it', () => {
  room.apply({ ...welcome, stage: explained, remaining_ms: null, knobs: { rarity: 3 } });

  expect(room.knobs).toEqual({ rarity: 3 });
});

test('a picture computed anew keeps the knobs, another phase forgets them', () => {
  room.apply({ ...welcome, stage: explained, remaining_ms: null });
  room.apply({ type: 'knobs_turned', round: 0, knobs: { rarity: 3, ideas: 8 } });
  room.apply({ type: 'stage_changed', remaining_ms: null, stage: explained, own: null });
  expect(room.knobs).toEqual({ rarity: 3, ideas: 8 });

  room.apply({ type: 'stage_changed', remaining_ms: null, stage: { phase: 'ended' }, own: null });
  expect(room.knobs).toEqual({});
});

test('refused knobs go back to what the server shows, the browser’s own stay', () => {
  room.apply({ ...welcome, stage: explained, remaining_ms: null });
  room.turnKnobs({ rarity: 3, ideas: 8 });

  room.apply({ type: 'command_refused', command: 'turn_knobs', reason: 'knobs_unfit' });

  expect(room.knobs).toEqual({ rarity: 3 });
});
