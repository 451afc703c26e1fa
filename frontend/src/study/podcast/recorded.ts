// A recording in the page's `<audio>`, which may grow: each state of it has an address of its own, and
// the player goes on in the newest when the one at hand is over.

import type { Listener, Sound } from './sound';

export class RecordedSound implements Sound {
  #isGrowing = false;
  #newest: string;
  #speed = 1;
  /** It was played to the end of what there was, and goes on when there is more. */
  #isDry = false;

  constructor(
    private readonly audio: HTMLAudioElement,
    private readonly listener: Listener,
    address: string,
  ) {
    this.#newest = address;
    audio.addEventListener('timeupdate', () => {
      if (!audio.seeking && !audio.paused) listener.at(audio.currentTime * 1000);
    });
    audio.addEventListener('playing', () => listener.at(audio.currentTime * 1000));
    audio.addEventListener('waiting', () => listener.waits());
    audio.addEventListener('pause', () => {
      // Also told at the end of what there is.
      if (!audio.ended) listener.paused();
    });
    audio.addEventListener('ended', () => this.#goOn());
    audio.addEventListener('error', () => listener.failed());
  }

  /** There is another state of the recording, to be followed by more or not. */
  renew(address: string, isGrowing: boolean): void {
    this.#newest = address;
    this.#isGrowing = isGrowing;
    if (this.#isDry) this.#goOn();
  }

  play(from: number): void {
    this.#isDry = false;
    // What was played before may be an older state, in which this place isn't yet; or it failed.
    const isOld = this.audio.getAttribute('src') !== this.#newest;
    if (this.audio.error || (isOld && !(from / 1000 < this.audio.duration))) this.#load();
    this.audio.currentTime = from / 1000;
    this.audio.playbackRate = this.#speed;
    this.audio.play().catch((error: unknown) => {
      // Paused before it began is no failure.
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.listener.failed();
    });
  }

  pause(): void {
    this.#isDry = false;
    this.audio.pause();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    // A new source begins at the default.
    this.audio.defaultPlaybackRate = speed;
    this.audio.playbackRate = speed;
  }

  #goOn(): void {
    const at = this.audio.currentTime * 1000;
    if (this.audio.getAttribute('src') !== this.#newest) {
      this.#load();
      this.play(at);
    } else if (this.#isGrowing) {
      this.#isDry = true;
      this.listener.waits();
    } else {
      this.listener.ended();
    }
  }

  #load(): void {
    this.audio.src = this.#newest;
    this.audio.load();
  }
}
