// The page's transcript while it is played: the turn that is said is lit and kept in view, unless the
// reader scrolls; a click on a turn plays from there.

import { commandOf } from './keys';
import type { Chapter } from './player.svelte';
import type { Line } from './spoken';
import { clock } from './timeline';

const SCROLLING_KEYS = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End']);

export class Transcript {
  readonly lines: Line[];
  readonly #turns: HTMLElement[];
  #lit: HTMLElement | undefined;

  constructor(
    private readonly root: HTMLElement,
    /** The reader looks elsewhere. */
    scrolled: () => void,
  ) {
    this.#turns = [...root.querySelectorAll<HTMLElement>('.turn')];
    this.lines = this.#turns.map((turn) => ({
      speaker: turn.classList.contains('b') ? 'b' : 'a',
      text: turn.querySelector('p')?.textContent ?? '',
    }));
    for (const kind of ['wheel', 'touchmove']) addEventListener(kind, scrolled, { passive: true });
    addEventListener('keydown', (event) => {
      if (SCROLLING_KEYS.has(event.key) && !commandOf(event)) scrolled();
    });
  }

  /** Turns become something to press; `act` gets the number of the turn. */
  enable(name: (line: Line, turn: number) => string, act: (turn: number) => void): void {
    for (const [i, turn] of this.#turns.entries()) {
      const button = turn.querySelector('button');
      const line = this.lines[i];
      if (!button || !line) continue;
      button.disabled = false;
      button.ariaLabel = name(line, i);
    }
    this.root.classList.add('live');
    this.root.addEventListener('click', ({ target }) => {
      const place = target instanceof Element ? target : null;
      const turn = place?.closest<HTMLElement>('.turn');
      // Who marks words to copy them doesn't ask to hear them.
      if (!turn || place?.closest('a') || getSelection()?.isCollapsed === false) return;
      act(this.#turns.indexOf(turn));
    });
  }

  light(turn: number): void {
    this.#lit?.removeAttribute('aria-current');
    this.#lit = this.#turns[turn];
    this.#lit?.setAttribute('aria-current', 'true');
  }

  /** Bring the lit turn into the middle of the screen. */
  show(): void {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#lit?.scrollIntoView({ block: 'center', behavior: isCalm ? 'auto' : 'smooth' });
  }
}

/** The list of chapters: when each begins, and which is heard. */
export class Contents {
  readonly #links = [...document.querySelectorAll<HTMLElement>('.chapters a')];

  constructor(act: (turn: number) => void) {
    for (const link of this.#links) {
      // Also goes there, as the link says.
      link.addEventListener('click', () => act(Number(link.dataset.turn)));
      link.append(document.createElement('time'));
    }
  }

  show(chapters: readonly Chapter[], now: Chapter | undefined): void {
    for (const [i, chapter] of chapters.entries()) {
      const time = this.#links[i]?.querySelector('time');
      if (time) time.textContent = clock(chapter.start);
      if (chapter.turn === now?.turn) this.#links[i]?.setAttribute('aria-current', 'true');
      else this.#links[i]?.removeAttribute('aria-current');
    }
  }
}
