import type {
  CodeIssued,
  CommandRefused,
  DoorOpened,
  OwnResult,
  Phase,
  ReviewedRound,
  RoomEvent,
  RoomSettings,
  Seat,
  SecondCodeTold,
  StageChanged,
  SubmitAnswer,
  Switches,
  TurnSwitch,
} from './protocol.gen';
import { type Command, type Connection, type Ending, Socket } from './socket';

export type Stage = StageChanged['stage'];
export type StageOf<P extends Phase> = Extract<Stage, { phase: P }>;
export type Answer = SubmitAnswer['answer'];
type Vote = SubmitAnswer['vote'];

/** Where the seat token lives: a page's own memory, or the phone's. */
export interface Keeper {
  token: string | null;
}

/** Opens the socket and keeps what it says. */
export function enterRoom(path: string, keeper: Keeper): Room {
  const room = new Room(keeper, (command) => socket.send(command));
  const socket = new Socket(path, () => keeper.token, {
    onevent: (event) => room.apply(event),
    onconnection: (connection) => (room.connection = connection),
    onending: (ending) => room.end(ending),
  });
  return room;
}

/** What this browser knows of the room, and what it may ask of it. */
export class Room {
  connection = $state<Connection>('connecting');
  /** Why it isn't live, where that passes by itself. */
  trouble = $derived(this.connection === 'lost' || this.connection === 'crowded' ? this.connection : null);
  /** Why the server won't have us back, once the connection is refused. */
  ending = $state<Ending | null>(null);
  refusal = $state.raw<CommandRefused | null>(null);

  /** Null until the first welcome. */
  stage = $state.raw<Stage | null>(null);
  round = $state(0);
  rounds = $state(0);
  /** When the phase ends, by performance.now(); null where only the host ends it. */
  deadline = $state<number | null>(null);
  /** What was left of the phase when we heard of it; with `deadline` the whole of a time bar. */
  remainingMs = $state<number | null>(null);
  isPaused = $state(false);
  /** The whole of a time bar: what was left of the phase when it began. */
  spanMs = $state<number | null>(null);
  knobs = $state.raw<Record<string, number>>({});

  /** At the door: what there is to say. Null when seated. */
  door = $state.raw<DoorOpened | null>(null);
  /** The host is asked to let this player in. */
  isWaiting = $state(false);
  seat = $state.raw<Seat | null>(null);
  /** How many times as long as others this player has for a question. */
  timeFactor = $state(1);
  shufflesOptions = $state(false);
  answer = $state.raw<Answer | null>(null);
  isAnswerAccepted = $state(false);
  /** The latest round that was scored for this player. */
  own = $state.raw<OwnResult | null>(null);
  /** Every scored question to look back on; null until asked for at the end. */
  review = $state.raw<ReviewedRound[] | null>(null);

  code = $state('');
  title = $state('');
  settings = $state.raw<RoomSettings | null>(null);
  switches = $state.raw<Switches>({ is_locked: false, has_standings: true, is_revoting: false, has_sounds: true });
  seats = $state.raw<Seat[]>([]);
  /** Who asks the host to be let in. */
  waiting = $state.raw<Seat[]>([]);
  /** By player, where it isn't 1; hosts only. */
  timeFactors = $state.raw<Record<string, number>>({});
  /** The code last issued for a seat to be taken over with; hosts only. */
  issued = $state.raw<CodeIssued | null>(null);
  /** The letters to show at the door now, and when they change, by performance.now(). */
  secondCode = $state.raw<{ code: string; until: number } | null>(null);
  present = $state(0);
  answered = $state(0);

  isLocked = $derived(this.switches.is_locked);
  /** 2 from the talk between two votes until they are counted. */
  vote = $derived<Vote>(this.stage !== null && 'vote' in this.stage ? this.stage.vote : 1);
  points = $derived(this.own?.total ?? 0);
  /** This player's line of the round on show. */
  result = $derived(this.own?.round === this.round ? this.own : null);

  #keeper: Keeper;
  #send: (command: Command) => void;

  constructor(keeper: Keeper, send: (command: Command) => void) {
    this.#keeper = keeper;
    this.#send = send;
  }

  apply(event: RoomEvent): void {
    switch (event.type) {
      case 'door_opened':
        // Whoever stands at the door has no seat, not even the one of a moment ago.
        this.seat = this.stage = null;
        this.door = event;
        this.isWaiting = false;
        break;
      case 'nicknames_offered':
        if (this.door !== null) this.door = { ...this.door, nicknames: event.nicknames };
        break;
      case 'seat_awaited':
        this.#keeper.token = event.token;
        this.door = this.refusal = null;
        this.seat = event.seat;
        this.isWaiting = true;
        break;
      case 'player_welcomed': {
        const unheard = this.answer !== null && !this.isAnswerAccepted ? this.answer : null;
        const { round, vote } = this;
        this.#keeper.token = event.token;
        this.door = this.refusal = null;
        this.isWaiting = false;
        this.seat = event.seat;
        this.timeFactor = event.time_factor;
        this.shufflesOptions = event.shuffles_options;
        this.rounds = event.rounds;
        this.#show(event.stage, event.remaining_ms, event.is_paused);
        this.knobs = event.knobs;
        this.own = event.own;
        this.answer = event.answer;
        this.isAnswerAccepted = event.answer !== null;
        if (unheard !== null && event.answer === null && round === this.round) this.#resubmit(unheard, vote);
        break;
      }
      case 'host_welcomed':
        this.title = event.title;
        this.waiting = event.waiting;
        this.timeFactors = event.time_factors;
        this.#look(event);
        break;
      case 'screen_welcomed':
        this.#look(event);
        break;
      case 'stage_changed':
        if (['get_ready', 'talk', 'asking'].includes(event.stage.phase)) this.#clearRound();
        if (event.own !== null) this.own = event.own;
        this.#show(event.stage, event.remaining_ms, false);
        break;
      case 'clock_changed':
        // Running before and after, or standing: then what changed is the time given.
        if (event.is_paused === this.isPaused && this.spanMs !== null && event.remaining_ms !== null)
          this.spanMs += Math.max(0, event.remaining_ms - this.#leftMs());
        if (!event.is_paused && this.refusal?.reason === 'clock_paused') this.refusal = null;
        this.#wind(event.remaining_ms, event.is_paused);
        break;
      case 'answer_accepted':
        if (event.round !== this.round || event.vote !== this.vote) break;
        this.answer = event.answer;
        this.isAnswerAccepted = true;
        break;
      case 'command_refused':
        this.refusal = event;
        if (event.command === 'turn_knobs') this.knobs = this.#knobsOnShow();
        if (event.command !== 'submit_answer') break;
        // Already answered: what stands is the first, and that is the one on show.
        if (event.reason === 'already_answered') this.isAnswerAccepted = true;
        else this.answer = null;
        break;
      case 'seats_changed': {
        const seats = new Map(this.seats.map((seat) => [seat.player, seat]));
        for (const seat of event.joined) seats.set(seat.player, seat);
        for (const player of event.left) seats.delete(player);
        this.seats = [...seats.values()];
        this.present = event.present;
        break;
      }
      case 'answers_counted':
        if (event.round === this.round) this.answered = event.answered;
        break;
      case 'waiting_changed':
        this.waiting = event.waiting;
        break;
      case 'time_factor_set':
        this.timeFactors = { ...this.timeFactors, [event.player]: event.time_factor };
        break;
      case 'code_issued':
        this.issued = event;
        break;
      case 'second_code_told':
        this.#tellSecondCode(event);
        break;
      case 'switches_turned':
        this.switches = event.switches;
        break;
      case 'review_told':
        this.review = event.rounds;
        break;
      case 'knobs_turned':
        if (event.round === this.round) this.knobs = { ...this.knobs, ...event.knobs };
        break;
      case 'ponged':
        // Hosts, screens and those at the door aren't timed.
        if (this.seat !== null && !this.isWaiting) this.#send({ type: 'echo' });
        break;
      default:
        event satisfies never;
    }
  }

  /** The server's last word; true asks to be let in once more, through the door. */
  end(ending: Ending): boolean {
    if ((ending === 'no_seat' || ending === 'kicked') && this.#keeper.token !== null) {
      this.#keeper.token = null;
      if (ending === 'no_seat') return true;
    }
    this.ending = ending;
    return false;
  }

  takeSeat(nickname: string, team: string | null, members: string[] = [], secondCode = ''): void {
    this.refusal = null;
    this.#send({ type: 'take_seat', nickname, team, members, second_code: secondCode });
  }

  usePersonalCode(code: string, team: string | null, secondCode = ''): void {
    this.refusal = null;
    this.#send({ type: 'use_personal_code', code, team, second_code: secondCode });
  }

  offerNicknames(): void {
    this.#send({ type: 'offer_nicknames' });
  }

  submit(answer: Answer): void {
    this.refusal = null;
    this.answer = answer;
    this.isAnswerAccepted = false;
    this.#send({ type: 'submit_answer', round: this.round, vote: this.vote, answer });
  }

  moveOn(): void {
    if (this.stage === null) return;
    this.#send({ type: 'move_on', phase: this.stage.phase, round: this.round, vote: this.vote });
  }

  skipQuestion(): void {
    this.#send({ type: 'skip_question', round: this.round });
  }

  pauseClock(isPaused: boolean): void {
    this.#send({ type: 'pause_clock', is_paused: isPaused });
  }

  extendClock(): void {
    if (this.stage === null) return;
    this.#send({ type: 'extend_clock', phase: this.stage.phase, round: this.round });
  }

  admit(player: string): void {
    this.#send({ type: 'admit_player', player });
  }

  issueCode(player: string): void {
    this.#send({ type: 'issue_code', player });
  }

  setTimeFactor(player: string, factor: number): void {
    this.#send({ type: 'set_time_factor', player, time_factor: factor });
  }

  turnSwitch(name: TurnSwitch['switch'], isOn: boolean): void {
    this.#send({ type: 'turn_switch', switch: name, is_on: isOn });
  }

  askSecondCode(): void {
    this.#send({ type: 'ask_second_code' });
  }

  askReview(): void {
    this.#send({ type: 'ask_review' });
  }

  kick(player: string): void {
    this.#send({ type: 'kick_player', player });
  }

  turnKnobs(knobs: Record<string, number>): void {
    this.knobs = { ...this.knobs, ...knobs };
    this.#send({ type: 'turn_knobs', round: this.round, knobs });
  }

  endRoom(): void {
    this.#send({ type: 'end_room' });
  }

  #look(event: Extract<RoomEvent, { type: 'host_welcomed' | 'screen_welcomed' }>): void {
    this.code = event.code;
    this.rounds = event.rounds;
    this.settings = event.settings;
    this.switches = event.switches;
    this.seats = event.seats;
    this.present = event.present;
    this.#show(event.stage, event.remaining_ms, event.is_paused);
    this.knobs = event.knobs;
    this.answered = event.answered;
  }

  #show(stage: Stage, remainingMs: number | null, isPaused: boolean): void {
    if ('round' in stage) this.round = stage.round;
    if (this.stage?.phase !== stage.phase) this.knobs = {};
    this.stage = stage;
    // Somebody who comes in the middle sees a bar that is part empty.
    const limitMs = stage.phase === 'asking' ? (stage.question.limit_ms ?? 0) * this.timeFactor : 0;
    this.spanMs = remainingMs === null ? null : Math.max(remainingMs, limitMs);
    this.#wind(remainingMs, isPaused);
  }

  #wind(remainingMs: number | null, isPaused: boolean): void {
    this.remainingMs = remainingMs;
    this.isPaused = isPaused;
    this.deadline = remainingMs === null || isPaused ? null : performance.now() + remainingMs;
  }

  #leftMs(): number {
    return this.deadline === null ? (this.remainingMs ?? 0) : Math.max(0, this.deadline - performance.now());
  }

  #tellSecondCode(event: SecondCodeTold): void {
    this.secondCode = { code: event.code, until: performance.now() + event.remaining_ms };
  }

  /** Without those that the server would have had to turn. */
  #knobsOnShow(): Record<string, number> {
    const known = this.stage?.phase === 'explanation' ? (this.stage.picture?.knobs ?? []) : [];
    const own = new Set(known.filter(({ where }) => where === 'client').map(({ key }) => key));
    return Object.fromEntries(Object.entries(this.knobs).filter(([key]) => own.has(key)));
  }

  /** It was on its way when the line broke; the server knows a resend when it sees one. */
  #resubmit(answer: Answer, vote: Vote): void {
    if (this.stage?.phase === 'asking' && vote === this.vote) this.submit(answer);
    else this.refusal = { type: 'command_refused', command: 'submit_answer', reason: 'too_late' };
  }

  #clearRound(): void {
    this.answer = this.refusal = null;
    this.isAnswerAccepted = false;
    this.answered = 0;
  }
}
