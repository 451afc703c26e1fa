// A learner's conversation with a lesson as this browser knows it.

import { plainOf } from '../../shared/rich';
import { Failed, get, post, posted } from '../api';
import type {
  ChatTurnView,
  ChatView,
  ReplyBegun,
  ReplyBroke,
  ReplyDone,
  ReplyView,
  SentenceView,
  SuggestedQuestions,
} from '../messages.gen';
import { words } from './words';

type Heard = ReplyBegun | SentenceView | ReplyDone | ReplyBroke;

/** waiting: a reply is on its way; stopped: by the reader; broken: by something else; none: it came to nothing before. */
type State = 'waiting' | 'whole' | 'stopped' | 'broken' | 'none';

const SLOW_MS = 4000;

export class Turn {
  readonly question: string;
  /** The server's number of it; null until the question is kept there. */
  id: number | null;
  state = $state<State>('waiting');
  isSlow = $state(false);
  reply = $state.raw<ReplyView | null>(null);
  /** What has come of a reply that isn't whole. */
  told = $state.raw<readonly SentenceView[]>([]);

  constructor(question: string, kept: ChatTurnView | null = null) {
    this.question = question;
    this.id = kept?.id ?? null;
    this.reply = kept?.reply ?? null;
    if (kept) this.state = kept.reply ? 'whole' : 'none';
  }
}

export class Conversation {
  readonly given: ChatView;
  turns = $state<Turn[]>([]);
  /** What is typed and not yet taken. */
  typed = $state('');
  /** Why the last question wasn't taken. */
  problem = $state('');
  /** For those who hear the page: the reply once it is whole. */
  said = $state('');
  /** Null until they are here; none where they don't come. */
  suggested = $state.raw<readonly string[] | null>(null);

  readonly length = $derived([...this.typed.trim()].length);
  readonly waiting = $derived(this.turns.find((turn) => turn.state === 'waiting') ?? null);
  readonly canSend = $derived.by(
    () => this.waiting === null && this.length > 0 && this.length <= this.given.longest,
  );

  readonly #key: string;
  #hangUp = new AbortController();

  constructor(given: ChatView) {
    this.given = given;
    this.turns = given.turns.map((turn) => new Turn(turn.question, turn));
    this.#key = `study:chat:${given.slug}`;
    this.typed = localStorage.getItem(this.#key) ?? '';
    if (given.can_be_asked && given.turns.length === 0) void this.#suggest();
  }

  /** Typed text outlives a reload until the server has it. */
  keepTyped(): void {
    if (this.typed === '') localStorage.removeItem(this.#key);
    else localStorage.setItem(this.#key, this.typed);
  }

  async send(): Promise<void> {
    if (this.canSend) await this.ask(this.typed.trim());
  }

  async ask(question: string): Promise<void> {
    if (this.waiting) return;
    this.turns.push(new Turn(question));
    const turn = this.turns.at(-1);
    const isTyped = this.typed.trim() === question;
    if (isTyped) this.typed = '';
    if (turn) await this.#reply(turn, { question });
    if (turn?.id !== null) return;
    // It never got there: back into the box with it.
    this.turns.pop();
    if (this.typed === '') this.typed = question;
    this.keepTyped();
  }

  async again(turn: Turn): Promise<void> {
    if (this.waiting) return;
    turn.state = 'waiting';
    turn.told = [];
    await this.#reply(turn, { again: turn.id });
  }

  stop(): void {
    this.#hangUp.abort();
  }

  async clear(): Promise<void> {
    this.stop();
    this.problem = '';
    try {
      await post(this.given.clear, {});
      this.turns = [];
      this.said = words.clear.done;
      if (this.suggested === null) await this.#suggest();
    } catch {
      this.problem = words.clear.failed;
    }
  }

  async #reply(turn: Turn, asked: object): Promise<void> {
    this.problem = this.said = '';
    this.#hangUp = new AbortController();
    const { signal } = this.#hangUp;
    const slowly = setTimeout(() => (turn.isSlow = true), SLOW_MS);
    try {
      for await (const heard of posted<Heard>(this.given.ask, asked, signal)) this.#hear(turn, heard);
      if (turn.state === 'waiting') turn.state = 'broken';
    } catch (error) {
      turn.state = signal.aborted ? 'stopped' : 'broken';
      if (error instanceof Failed && !signal.aborted) this.problem = await problemOf(error);
    } finally {
      clearTimeout(slowly);
      turn.isSlow = false;
      if (turn.state !== 'whole') this.said = this.problem || (turn.state === 'stopped' ? words.stopped : words.broken);
    }
  }

  #hear(turn: Turn, heard: Heard): void {
    switch (heard.type) {
      case 'begun':
        turn.id = heard.id;
        this.keepTyped();
        break;
      case 'sentence':
        turn.told = [...turn.told, heard];
        break;
      case 'done':
        turn.reply = heard.turn.reply;
        turn.state = 'whole';
        this.said = spoken(heard.turn.reply);
        break;
      case 'broke':
        turn.state = 'broken';
        break;
      default:
        heard satisfies never;
    }
  }

  async #suggest(): Promise<void> {
    try {
      this.suggested = (await get<SuggestedQuestions>(this.given.suggested)).questions;
    } catch {
      this.suggested = [];
    }
  }
}

function spoken(reply: ReplyView | null): string {
  if (!reply) return '';
  const told = reply.told.map(({ html }) => plainOf(html, { [html]: html }));
  return [reply.sentence, ...told].filter(Boolean).join(' ');
}

/** In words: the server's own where it has some. */
async function problemOf({ message, status }: Failed): Promise<string> {
  if (message) return message;
  switch (status) {
    case 0:
      return words.offline;
    case 403:
      return (await isLocked()) ? words.locked : words.outdated;
    case 404:
      return words.gone;
    default:
      return words.failed;
  }
}

/** A page that is forbidden just now is locked; else it was this page's token that is too old. */
async function isLocked(): Promise<boolean> {
  const page = await fetch(location.pathname, { method: 'HEAD' }).catch(() => null);
  return page?.status === 403;
}
