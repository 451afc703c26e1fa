// The cards among the known: marked here at once, on the server as soon as it answers.
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { Failed, get, post } from '../api';
import type { KnowFlashcard, KnownFlashcards } from '../messages.gen';

const PATIENCE_MS = [2_000, 5_000, 15_000, 60_000];

export class Known {
  readonly cards: SvelteSet<number>;
  readonly unsaved: SvelteMap<number, boolean>;
  /** The server was asked and didn't answer. */
  isWaiting = $state(false);
  #isSending = false;
  #tries = 0;
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly address: string,
    known: readonly number[],
    unsaved: readonly [number, boolean][],
    private readonly keep: () => void,
  ) {
    this.cards = new SvelteSet(known);
    this.unsaved = new SvelteMap(unsaved);
    for (const [card, isKnown] of unsaved) this.#show(card, isKnown);
  }

  mark(card: number, isKnown: boolean): void {
    if (this.cards.has(card) === isKnown) return;
    this.#show(card, isKnown);
    this.unsaved.set(card, isKnown);
    this.keep();
    void this.save();
  }

  /** What was known on other devices meanwhile, if the server answers; whether that changed anything. */
  async refresh(): Promise<boolean> {
    let told: KnownFlashcards;
    try {
      told = await get<KnownFlashcards>(this.address);
    } catch {
      return false; // then what this browser knows has to do
    }
    const before = new Set(this.cards);
    const now = new Set(told.known);
    for (const card of new Set([...before, ...now])) this.#show(card, this.unsaved.get(card) ?? now.has(card));
    this.keep();
    return before.size !== this.cards.size || [...before].some((card) => !this.cards.has(card));
  }

  /** Sends what the server hasn't got, one mark after the other. */
  async save(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#next);
    for (let mark = this.#first(); mark; mark = this.#first()) {
      if (!(await this.#send(mark))) break;
      // While it was under way the learner may have thought again.
      if (this.unsaved.get(mark.flashcard) === mark.is_known) this.unsaved.delete(mark.flashcard);
      this.keep();
    }
    this.#isSending = false;
    this.isWaiting = this.unsaved.size > 0;
    if (!this.isWaiting) this.#tries = 0;
    else this.#next = setTimeout(() => void this.save(), PATIENCE_MS[Math.min(this.#tries++, PATIENCE_MS.length - 1)]);
  }

  #first(): KnowFlashcard | undefined {
    for (const [flashcard, is_known] of this.unsaved) return { flashcard, is_known };
    return undefined;
  }

  /** Whether that is settled; a card that is gone needs no mark. */
  async #send(mark: KnowFlashcard): Promise<boolean> {
    try {
      await post(this.address, mark);
      return true;
    } catch (error) {
      return error instanceof Failed && (error.status === 400 || error.status === 404);
    }
  }

  #show(card: number, isKnown: boolean): void {
    if (isKnown) this.cards.add(card);
    else this.cards.delete(card);
  }
}
