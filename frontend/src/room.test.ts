import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DoorOpened, Knob, OwnResult, PlayerWelcomed, QuestionView, ReviewedRound, RoundResult, ScreenWelcomed, Seat } from './protocol.gen';
import { type Keeper, Room, type StageOf } from './room.svelte';
import type { Command } from './socket';

const question: QuestionView = {
  kind: 'single_choice',
  prompt: 'Which is nearest?',
  points: 1000,
  limit_ms: 20_000,
  options: ['45', '90'],
  scale: null,
  unit: '',
  per_option: false,
  body: '',
  image: null,
  rich: {},
};
const result: RoundResult = {
  right: [1],
  accepted: [],
  number: null,
  tolerance: 0,
  counts: [0, 1],
  guesses: [],
  words: [],
  players: 1,
  answered: 1,
  right_count: 1,
  fastest: null,
  first: null,
  rich: {},
};
const own: OwnResult = {
  round: 0,
  answered: true,
  is_right: true,
  part: 1,
  elapsed_ms: 2000,
  points: 967,
  bonus: 0,
  total: 967,
  rank: 1,
  rank_before: null,
  streak: 1,
};
const ada: Seat = { player: 'p1', nickname: 'Ada', team: null, members: [] };
const asking: StageOf<'asking'> = { phase: 'asking', round: 0, vote: 1, question };
const closed: StageOf<'closed'> = { phase: 'closed', round: 0, question, result, has_standings: true, teams: [] };
const welcome: PlayerWelcomed = {
  type: 'player_welcomed',
  seat: ada,
  token: 'first',
  rounds: 2,
  stage: asking,
  remaining_ms: 5_000,
  is_paused: false,
  time_factor: 1,
  shuffles_options: false,
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
  rich: {},
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

const door: DoorOpened = {
  type: 'door_opened',
  teams: ['Vectors', 'Tokens'],
  shares_phone: false,
  nicknames: [],
  asks_personal_code: false,
  asks_second_code: false,
};

const screenWelcome: ScreenWelcomed = {
  type: 'screen_welcomed',
  code: '384019',
  rounds: 2,
  settings: {
    scoring: 'standard',
    streak_bonus: false,
    teams: 'none',
    team_names: [],
    team_score: 'mean',
    team_talk_s: 0,
    is_revoting: false,
    revote_talk_s: 60,
    late_join: true,
    approves_seats: false,
    has_second_code: false,
    has_roster: false,
    nicknames: 'typed',
    filters_nicknames: true,
    shuffles_options: false,
    has_standings: true,
    has_sounds: true,
    autoplay: false,
    get_ready_s: 3,
    result_s: 8,
    explanation_s: 20,
    standings_s: 6,
  },
  switches: { is_locked: false, has_standings: true, is_revoting: false, has_sounds: true },
  seats: [ada],
  present: 1,
  answered: 0,
  stage: { phase: 'lobby' },
  remaining_ms: null,
  is_paused: false,
  knobs: {},
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
  room.apply(door);
  room.apply(welcome);

  expect(keeper.token).toBe('first');
  expect(room.door).toBe(null);
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

  expect(sent).toEqual([{ type: 'submit_answer', round: 0, vote: 1, answer: { kind: 'choice', choice: 1 } }]);
  expect(room.isAnswerAccepted).toBe(false);

  room.apply({ type: 'answer_accepted', round: 0, vote: 1, answer: { kind: 'choice', choice: 1 } });
  expect(room.isAnswerAccepted).toBe(true);
});

test('an answer that nobody acknowledged is sent again after coming back', () => {
  room.apply(welcome);
  room.submit({ kind: 'choice', choice: 1 });
  sent.length = 0;
  room.apply({ ...welcome, token: 'second' });

  expect(sent).toEqual([{ type: 'submit_answer', round: 0, vote: 1, answer: { kind: 'choice', choice: 1 } }]);
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
  room.apply({ ...welcome, stage: closed });

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
  room.apply({ type: 'stage_changed', remaining_ms: null, stage: closed, own });
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
  const ben: Seat = { ...ada, player: 'p2', nickname: 'Ben' };
  room.apply(screenWelcome);
  room.apply({ type: 'seats_changed', joined: [ada, ben], left: [], present: 2 });
  expect(room.seats).toEqual([ada, ben]);

  room.apply({ type: 'seats_changed', joined: [], left: ['p1'], present: 1 });
  expect(room.seats).toEqual([ben]);
  expect(room.present).toBe(1);
});

test('the host moves on from the phase and round on show', () => {
  room.apply({ ...welcome, stage: { ...closed, round: 1 } });
  room.moveOn();

  expect(sent).toEqual([{ type: 'move_on', phase: 'closed', round: 1, vote: 1 }]);
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

describe('the clock', () => {
  let now: number;

  beforeEach(() => {
    now = 1_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => vi.restoreAllMocks());

  test('stands while it is paused, and goes on with what was left', () => {
    room.apply({ ...welcome, remaining_ms: 20_000 });
    now += 8_000;
    room.apply({ type: 'clock_changed', remaining_ms: 12_000, is_paused: true });
    expect(room.isPaused).toBe(true);
    expect(room.deadline).toBe(null);
    expect([room.remainingMs, room.spanMs]).toEqual([12_000, 20_000]);

    now += 60_000;
    room.apply({ type: 'clock_changed', remaining_ms: 12_000, is_paused: false });
    expect(room.isPaused).toBe(false);
    expect(room.deadline).toBe(now + 12_000);
    expect(room.spanMs).toBe(20_000);
  });

  test('with ten seconds more is a longer bar, not a fuller one', () => {
    room.apply({ ...welcome, remaining_ms: 20_000 });
    now += 8_000;
    room.apply({ type: 'clock_changed', remaining_ms: 22_000, is_paused: false });

    expect(room.deadline).toBe(now + 22_000);
    expect(room.spanMs).toBe(30_000);
  });

  test('can be given more time while it stands', () => {
    room.apply({ ...welcome, remaining_ms: 20_000 });
    room.apply({ type: 'clock_changed', remaining_ms: 20_000, is_paused: true });
    now += 5_000;
    room.apply({ type: 'clock_changed', remaining_ms: 30_000, is_paused: true });

    expect(room.deadline).toBe(null);
    expect([room.remainingMs, room.spanMs]).toEqual([30_000, 30_000]);
  });

  test('stands for whoever comes back during a pause', () => {
    room.apply({ ...welcome, remaining_ms: 5_000, is_paused: true });

    expect(room.deadline).toBe(null);
    expect([room.remainingMs, room.spanMs]).toEqual([5_000, 20_000]);
  });

  test('of somebody with twice the time is twice as long', () => {
    room.apply({ ...welcome, remaining_ms: 30_000, time_factor: 2 });

    expect(room.spanMs).toBe(40_000);
  });

  test('that goes on takes back what was said while it stood', () => {
    room.apply({ ...welcome, is_paused: true });
    room.apply({ type: 'command_refused', command: 'submit_answer', reason: 'clock_paused' });
    room.apply({ type: 'clock_changed', remaining_ms: 5_000, is_paused: false });

    expect(room.refusal).toBe(null);
  });
});

describe('at the door', () => {
  beforeEach(() => room.apply(door));

  test('a newcomer says the name, the team, who shares the phone and what the projector shows', () => {
    room.takeSeat('Ada', 'Tokens', ['Ben', 'Cleo'], 'BDAF');

    expect(sent).toEqual([
      { type: 'take_seat', nickname: 'Ada', team: 'Tokens', members: ['Ben', 'Cleo'], second_code: 'BDAF' },
    ]);
  });

  test('a code takes a seat over', () => {
    room.usePersonalCode('K7MP', null, 'BDAF');

    expect(sent).toEqual([{ type: 'use_personal_code', code: 'K7MP', team: null, second_code: 'BDAF' }]);
  });

  test('other nicknames come in place of the first', () => {
    room.apply({ ...door, nicknames: ['Quick Vector'] });
    room.offerNicknames();
    room.apply({ type: 'nicknames_offered', nicknames: ['Calm Tensor'] });

    expect(sent).toEqual([{ type: 'offer_nicknames' }]);
    expect(room.door).toEqual({ ...door, nicknames: ['Calm Tensor'] });
  });

  test('whoever is to be let in waits with the token that opens the door', () => {
    room.apply({ type: 'seat_awaited', seat: ada, token: 'waiting' });
    expect(room.isWaiting).toBe(true);
    expect(room.seat).toEqual(ada);
    expect(room.door).toBe(null);
    expect(keeper.token).toBe('waiting');

    room.apply(welcome);
    expect(room.isWaiting).toBe(false);
    expect(keeper.token).toBe('first');
  });

  test('whoever isn’t let in is told, and the token forgotten', () => {
    room.apply({ type: 'seat_awaited', seat: ada, token: 'waiting' });

    expect(room.end('kicked')).toBe(false);
    expect(room.ending).toBe('kicked');
    expect(keeper.token).toBe(null);
  });

  test('a seat lost meanwhile leaves nothing of the room on show', () => {
    room.apply(welcome);
    room.end('no_seat');
    room.apply(door);

    expect(room.door).toEqual(door);
    expect(room.seat).toBe(null);
    expect(room.stage).toBe(null);
  });
});

describe('a sign of life', () => {
  test('from the server is answered at once by a player', () => {
    room.apply(welcome);
    room.apply({ type: 'ponged' });

    expect(sent).toEqual([{ type: 'echo' }]);
  });

  test('isn’t answered at the door, nor while waiting, nor by a screen', () => {
    room.apply(door);
    room.apply({ type: 'ponged' });
    room.apply({ type: 'seat_awaited', seat: ada, token: 'waiting' });
    room.apply({ type: 'ponged' });
    const screen = new Room({ token: null }, (command) => sent.push(command));
    screen.apply(screenWelcome);
    screen.apply({ type: 'ponged' });

    expect(sent).toEqual([]);
  });
});

test('the second vote starts clean, at the talk already', () => {
  room.apply(welcome);
  room.submit({ kind: 'choice', choice: 0 });
  room.apply({ type: 'answer_accepted', round: 0, vote: 1, answer: { kind: 'choice', choice: 0 } });
  room.apply({ type: 'stage_changed', remaining_ms: 60_000, stage: { phase: 'talk', round: 0, vote: 2, question }, own: null });
  expect(room.answer).toBe(null);

  room.apply({ type: 'stage_changed', remaining_ms: 20_000, stage: { ...asking, vote: 2 }, own: null });
  room.submit({ kind: 'choice', choice: 1 });
  expect(room.isAnswerAccepted).toBe(false);
  expect(room.answer).toEqual({ kind: 'choice', choice: 1 });
});

test('an answer to the first vote isn’t sent again in the second', () => {
  room.apply(welcome);
  room.submit({ kind: 'choice', choice: 0 });
  sent.length = 0;
  room.apply({ ...welcome, stage: { ...asking, vote: 2 } });

  expect(sent).toEqual([]);
  expect(room.answer).toBe(null);
  expect(room.refusal?.reason).toBe('too_late');
});

test('at the end every question can be looked back on', () => {
  const round: ReviewedRound = {
    round: 0,
    question,
    result,
    note: '',
    rich: {},
    answer: { kind: 'choice', choice: 1 },
    is_right: true,
    points: 967,
    picture: null,
  };
  room.apply({ ...welcome, stage: { phase: 'podium', title: 'Angles', top: [], teams: [], players: 1 } });
  expect(room.review).toBe(null);

  room.askReview();
  expect(sent).toEqual([{ type: 'ask_review' }]);
  room.apply({ type: 'review_told', rounds: [round] });
  expect(room.review).toEqual([round]);
});
