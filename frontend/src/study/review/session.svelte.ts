// A session of reviews as this browser knows it: the card, what was typed, and what is still to be sent.

import { Failed, get, post } from '../api';
import type { Link, Turn } from '../messages.gen';
import { words as shared } from '../words';
import { words } from './words';

/** What the page's view leaves for this script. */
export interface Given {
  lesson: { slug: string; title: string; address: string; lang: string } | null;
  /** Empty where all cards are open to this visitor. */
  log_in: string;
  lessons: string;
  study: string;
  next: string;
  rate: string;
  undo: string;
  put_aside: string;
  turn: Turn;
}

interface Notice {
  text: string;
  isProblem?: boolean;
  link?: Link;
  /** The card that one press brings back. */
  aside?: string;
}

/** A request that has to reach the server, however often it takes. */
interface Rating {
  card: string;
  rating: number;
  seen: number;
  duration_ms: number;
  zone: string;
  lesson: string | null;
}

const KEPT = 'study:rating';
const LONGEST_WAIT_MS = 15_000;

export class Session {
  turn: Turn;
  isShown = $state(false);
  typed = $state('');
  notice = $state.raw<Notice | null>(null);
  /** Something is under way; nothing else may begin. */
  isBusy = $state(false);
  isOffline = $state(false);
  done = $state(0);

  readonly given: Given;
  #shownAt = performance.now();
  #retry: (() => void) | null = null;

  constructor(given: Given) {
    this.given = given;
    this.turn = $state.raw(given.turn);
    const kept = keptRating();
    if (kept) void this.#send(kept, true);
    addEventListener('online', () => this.#retry?.());
  }

  get waiting(): number {
    const { counts } = this.turn;
    return counts.new + counts.learning + counts.due;
  }

  show(): void {
    this.isShown = true;
  }

  /** 1 is again, 4 is easy. */
  rate(rating: number): void {
    const { card } = this.turn;
    if (!card || !this.isShown || this.isBusy) return;
    void this.#send(
      {
        card: card.name,
        rating,
        seen: card.seen,
        duration_ms: Math.round(performance.now() - this.#shownAt),
        zone: zone(),
        lesson: this.#lesson,
      },
      false,
    );
  }

  undo(): void {
    if (!this.turn.can_undo) return;
    void this.#ask(
      () => post<Turn>(this.given.undo, { lesson: this.#lesson }),
      () => {
        this.done = Math.max(0, this.done - 1);
        return { text: words.undone };
      },
    );
  }

  putAside(what: 'bury' | 'suspend'): void {
    const { card } = this.turn;
    if (!card) return;
    this.#aside(card.name, what, { text: what === 'bury' ? words.buried : words.suspended, aside: card.name });
  }

  bringBack(card: string): void {
    this.#aside(card, 'bring_back', null);
  }

  /** Looks again what waits. */
  refresh(): void {
    void this.#ask(() => this.#next());
  }

  get #lesson(): string | null {
    return this.given.lesson?.slug ?? null;
  }

  #next(): Promise<Turn> {
    const { next } = this.given;
    return get<Turn>(this.#lesson === null ? next : `${next}?lesson=${encodeURIComponent(this.#lesson)}`);
  }

  #aside(card: string, what: 'bury' | 'suspend' | 'bring_back', notice: Notice | null): void {
    void this.#ask(
      () => post<Turn>(this.given.put_aside, { card, what, zone: zone(), lesson: this.#lesson }),
      () => notice,
    );
  }

  /** One request whose failing is no loss: it is said, and can be asked again. */
  async #ask(request: () => Promise<Turn>, then: () => Notice | null = () => null): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      this.#take(await request(), then());
    } catch (error) {
      await this.#refused(error);
    } finally {
      this.isBusy = false;
    }
  }

  /** A rating is kept until the server has it, over a reload too; `seen` lets it count only once. */
  async #send(rating: Rating, isRepeated: boolean): Promise<void> {
    this.isBusy = true;
    keep(rating);
    for (let wait = 1000; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        const turn = await post<Turn>(this.given.rate, rating);
        this.done += 1;
        const { leech, leech_notes } = turn;
        this.#take(turn, leech ? { text: leech, ...(leech_notes && { link: leech_notes }) } : null);
        break;
      } catch (error) {
        if (isNoAnswer(error)) {
          this.isOffline = isRepeated = true;
          await this.#pause(wait);
        } else {
          // Sent twice because its answer was lost: it counted the first time.
          const isCounted = isRepeated && error instanceof Failed && error.status === 409;
          await this.#refused(error, isCounted);
          break;
        }
      }
    }
    keep(null);
    this.isOffline = this.isBusy = false;
  }

  async #refused(error: unknown, isCounted = false): Promise<void> {
    if (!(error instanceof Failed)) throw error;
    const notice = isCounted ? null : { text: error.message || shared.failed, isProblem: true };
    this.notice = notice;
    if (isNoAnswer(error)) return;
    try {
      this.#take(await this.#next(), notice);
    } catch {
      // What was said before stays said.
    }
  }

  #take(turn: Turn, notice: Notice | null): void {
    this.turn = turn;
    this.notice = notice;
    this.isShown = false;
    this.typed = '';
    this.#shownAt = performance.now();
  }

  /** Until it is time to try again, or the browser is back in a network. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#retry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Nobody answered, or a server that is not well: the same may go well later. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof Failed && (error.status === 0 || error.status >= 500);
}

function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function keep(rating: Rating | null): void {
  try {
    if (rating) localStorage.setItem(KEPT, JSON.stringify(rating));
    else localStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing has it as long as this page is open.
  }
}

function keptRating(): Rating | null {
  try {
    const kept: Rating | null = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    return kept;
  } catch {
    return null;
  }
}
