import type {
  CommandRefused,
  OwnResult,
  Phase,
  RoomEvent,
  RoomSettings,
  Seat,
  StageChanged,
  SubmitAnswer,
} from './protocol.gen';
import { type Command, type Connection, type Ending, Socket } from './socket';

export type Stage = StageChanged['stage'];
export type StageOf<P extends Phase> = Extract<Stage, { phase: P }>;
export type Answer = SubmitAnswer['answer'];

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
  knobs = $state.raw<Record<string, number>>({});

  /** At the door: the teams to choose from. Null when seated. */
  doorTeams = $state.raw<string[] | null>(null);
  seat = $state.raw<Seat | null>(null);
  answer = $state.raw<Answer | null>(null);
  isAnswerAccepted = $state(false);
  /** The latest round that was scored for this player. */
  own = $state.raw<OwnResult | null>(null);

  code = $state('');
  title = $state('');
  settings = $state.raw<RoomSettings | null>(null);
  isLocked = $state(false);
  seats = $state.raw<Seat[]>([]);
  present = $state(0);
  answered = $state(0);

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
        this.doorTeams = event.teams;
        break;
      case 'player_welcomed': {
        const unheard = this.answer !== null && !this.isAnswerAccepted ? this.answer : null;
        const round = this.round;
        this.#keeper.token = event.token;
        this.doorTeams = this.refusal = null;
        this.seat = event.seat;
        this.rounds = event.rounds;
        this.#show(event.stage, event.remaining_ms);
        this.knobs = event.knobs;
        this.own = event.own;
        this.answer = event.answer;
        this.isAnswerAccepted = event.answer !== null;
        if (unheard !== null && event.answer === null && round === this.round) this.#resubmit(unheard);
        break;
      }
      case 'host_welcomed':
        this.title = event.title;
        this.settings = event.settings;
        this.#look(event);
        break;
      case 'screen_welcomed':
        this.#look(event);
        break;
      case 'stage_changed':
        if (event.stage.phase === 'asking' || event.stage.phase === 'get_ready') this.#clearRound();
        if (event.own !== null) this.own = event.own;
        this.#show(event.stage, event.remaining_ms);
        break;
      case 'answer_accepted':
        if (event.round !== this.round) break;
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
      case 'room_locked':
        this.isLocked = event.is_locked;
        break;
      case 'knobs_turned':
        if (event.round === this.round) this.knobs = { ...this.knobs, ...event.knobs };
        break;
      case 'ponged':
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

  takeSeat(nickname: string, team: string | null): void {
    this.refusal = null;
    this.#send({ type: 'take_seat', nickname, team });
  }

  submit(answer: Answer): void {
    this.refusal = null;
    this.answer = answer;
    this.isAnswerAccepted = false;
    this.#send({ type: 'submit_answer', round: this.round, answer });
  }

  moveOn(): void {
    if (this.stage === null) return;
    this.#send({ type: 'move_on', phase: this.stage.phase, round: this.round });
  }

  kick(player: string): void {
    this.#send({ type: 'kick_player', player });
  }

  lock(isLocked: boolean): void {
    this.#send({ type: 'lock_room', is_locked: isLocked });
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
    this.isLocked = event.is_locked;
    this.seats = event.seats;
    this.present = event.present;
    this.#show(event.stage, event.remaining_ms);
    this.knobs = event.knobs;
    this.answered = event.answered;
  }

  #show(stage: Stage, remainingMs: number | null): void {
    if ('round' in stage) this.round = stage.round;
    if (this.stage?.phase !== stage.phase) this.knobs = {};
    this.stage = stage;
    this.remainingMs = remainingMs;
    this.deadline = remainingMs === null ? null : performance.now() + remainingMs;
  }

  /** Without those that the server would have had to turn. */
  #knobsOnShow(): Record<string, number> {
    const known = this.stage?.phase === 'explanation' ? (this.stage.picture?.knobs ?? []) : [];
    const own = new Set(known.filter(({ where }) => where === 'client').map(({ key }) => key));
    return Object.fromEntries(Object.entries(this.knobs).filter(([key]) => own.has(key)));
  }

  /** It was on its way when the line broke; the server knows a resend when it sees one. */
  #resubmit(answer: Answer): void {
    if (this.stage?.phase === 'asking') this.submit(answer);
    else this.refusal = { type: 'command_refused', command: 'submit_answer', reason: 'too_late' };
  }

  #clearRound(): void {
    this.answer = this.refusal = null;
    this.isAnswerAccepted = false;
    this.answered = 0;
  }
}
