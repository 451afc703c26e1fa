// One learner with one deck: what lies on the table, and what is done with it.
import type { CardView, Deck } from '../messages.gen';
import { freshSeed, keep, read, type Options } from './kept';
import { Known } from './known.svelte';
import { askedFaces, shuffled, type Asked } from './order';

export class Practice {
  readonly known: Known;
  options: Options;
  /** Stays as it is while cards of it become known: only going through it anew leaves these out. */
  queue: Asked[] = $state.raw([]);
  at = $state(0);
  isTurned = $state(false);
  /** What was typed for this card, once it is checked. */
  typed: string | null = $state(null);

  constructor(readonly deck: Deck) {
    const kept = read(deck.slug);
    this.options = $state.raw(kept.options);
    const cards = new Set(deck.cards.map(({ id }) => id));
    this.known = new Known(
      deck.know,
      kept.known.filter((card) => cards.has(card)),
      kept.unsaved.filter(([card]) => cards.has(card)),
      () => this.#keep(),
    );
    this.#begin();
    this.at = Math.max(0, this.queue.findIndex(({ card, face }) => card.id === kept.at?.[0] && face.key === kept.at[1]));
    void this.#refresh();
  }

  get shown(): Asked | undefined {
    return this.queue[this.at];
  }

  /** After the cards, where there are more for those with an account. */
  get isAtRest(): boolean {
    return this.deck.left_out > 0 && this.at === this.queue.length;
  }

  get last(): number {
    return this.queue.length + (this.deck.left_out > 0 ? 1 : 0);
  }

  get knownCount(): number {
    return this.deck.cards.filter(({ id }) => this.known.cards.has(id)).length;
  }

  turn(): void {
    if (this.shown) this.isTurned = !this.isTurned;
  }

  check(typed: string): void {
    this.typed = typed;
    this.isTurned = true;
  }

  go(to: number): void {
    this.at = Math.max(0, Math.min(to, this.last));
    this.isTurned = false;
    this.typed = null;
    this.#keep();
  }

  goTo(card: CardView): void {
    if (!this.queue.some((asked) => asked.card.id === card.id)) this.set({ onlyUnknown: false });
    this.go(this.queue.findIndex((asked) => asked.card.id === card.id));
  }

  mark(isKnown: boolean): void {
    if (!this.shown) return;
    this.known.mark(this.shown.card.id, isKnown);
    this.go(this.at + 1);
  }

  /** Changes what is asked; the card on the table stays there where it can. */
  set(changed: Partial<Options>): void {
    const card = this.shown?.card;
    this.options = { ...this.options, ...changed };
    this.#begin();
    this.go(Math.max(0, this.queue.findIndex((asked) => asked.card.id === card?.id)));
  }

  shuffle(): void {
    const isShuffled = !this.options.isShuffled;
    this.options = { ...this.options, isShuffled, seed: freshSeed() };
    this.#begin();
    this.go(0);
  }

  again(onlyUnknown: boolean): void {
    this.options = { ...this.options, onlyUnknown };
    this.#begin();
    this.go(0);
  }

  /** Hear what the server knows, then tell it the rest. */
  async #refresh(): Promise<void> {
    const first = this.shown;
    const isChanged = await this.known.refresh();
    // Whoever has begun meanwhile isn't given other cards.
    if (isChanged && this.options.onlyUnknown && this.shown === first && !this.isTurned) this.set({});
    await this.known.save();
  }

  #begin(): void {
    const { direction, isShuffled, onlyUnknown, seed } = this.options;
    const cards = onlyUnknown ? this.deck.cards.filter(({ id }) => !this.known.cards.has(id)) : this.deck.cards;
    const faces = askedFaces(cards, direction, seed);
    this.queue = isShuffled ? shuffled(faces, seed) : faces;
  }

  #keep(): void {
    const { shown } = this;
    keep(this.deck.slug, {
      options: this.options,
      at: shown ? [shown.card.id, shown.face.key] : null,
      known: [...this.known.cards],
      unsaved: [...this.known.unsaved],
    });
  }
}
