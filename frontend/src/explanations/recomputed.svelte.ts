// The server's part of a picture's knobs, where no room tells it: ask for the new picture, keep the newest.
import type { Picture } from '../protocol.gen';
import type { Knobs } from './drawing';
import { words } from './words/frame';

const PAUSE_MS = 250;
const TRIES = 6;

/** A picture that follows its server knobs. */
export class Recomputed {
  picture = $state.raw<Picture>();
  /** Why the newest turn brought no picture. */
  problem = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request = new AbortController();

  /** Somebody else brings the pictures again, or nobody looks any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#request.abort();
    this.picture = undefined;
    this.problem = '';
  }

  /** The reader turned knobs of the picture on show: get the one they ask for, once they rest. */
  turned(shown: Picture, knobs: Knobs): void {
    clearTimeout(this.#timer);
    this.#request.abort();
    this.problem = '';
    if (isShown(shown, knobs)) return;
    this.#timer = setTimeout(() => void this.#fetch(shown, knobs), PAUSE_MS);
  }

  async #fetch(shown: Picture, knobs: Knobs): Promise<void> {
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const reply = await fetch(addressOf(shown, knobs), { signal });
        if (reply.status === 503 && attempt < TRIES) {
          await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
          if (signal.aborted) return;
          continue;
        }
        const body = await reply.json();
        if (signal.aborted) return;
        // What the class answered stays in the picture.
        if (reply.ok) this.picture = { ...body, class: shown.class, class_text: shown.class_text };
        else this.problem = reply.status === 503 ? words.busy : body.problem;
        return;
      }
    } catch {
      if (!signal.aborted) this.problem = words.unreachable;
    }
  }
}

/** Where the server gives the numbers of this picture with these server knobs. */
export function addressOf(picture: Picture, knobs: Knobs = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted(picture, knobs))) {
    query.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  query.set('seed', String(picture.seed));
  return `/explanations/${picture.id}/picture.json?${query}`;
}

function wanted(picture: Picture, knobs: Knobs): Picture['params'] {
  const turned = picture.knobs.filter(({ key, where }) => where === 'server' && key in knobs);
  return { ...picture.params, ...Object.fromEntries(turned.map(({ key }) => [key, knobs[key]])) };
}

function isShown(picture: Picture, knobs: Knobs): boolean {
  return Object.entries(wanted(picture, knobs)).every(([name, value]) => picture.params[name] === value);
}
