// The player: where one is in the episode, and what is heard of it.

import { get } from '../api';
import type { Podcast, Recorded } from '../messages.gen';
import { keepPlace, keepSpeed, readPlace, readSpeed } from './kept';
import { RecordedSound } from './recorded';
import type { Listener, Sound } from './sound';
import { SpokenSound, voicesFor, type Line } from './spoken';
import { timed, turnAt } from './timeline';

export const BACK_MS = 15_000;
export const ON_MS = 30_000;
const ASK_MS = 2000;
const ASK_SELDOM_MS = 15_000;
/** A place closer to the end than this is the end. */
const NEARLY_MS = 2000;
const KEEP_EVERY_MS = 4000;

export interface Chapter {
  title: string;
  /** Its first turn. */
  turn: number;
  start: number;
  end: number;
}

export class Player implements Listener {
  at_ms = $state(0);
  isPlaying = $state(false);
  isWaiting = $state(false);
  hasFailed = $state(false);
  /** The page keeps what is said in view: until the reader scrolls. */
  isFollowing = $state(true);
  speed = $state(readSpeed());
  recorded: Recorded = $state.raw({ state: 'none', audio: '', cues: [], voice: '' });
  voices: SpeechSynthesisVoice[] = $state.raw([]);

  readonly turns = $derived.by(() => {
    const lengths = this.lines.map(({ text }) => text.length);
    return timed(this.recorded.cues, lengths);
  });
  readonly turn = $derived(turnAt(this.turns, this.at_ms));
  readonly total_ms = $derived(this.turns.at(-1)?.end ?? 0);
  readonly isGrowing = $derived(this.recorded.state === 'waiting' || this.recorded.state === 'recording');
  /** How far one can go by now. */
  readonly heard_ms = $derived(this.isGrowing ? (this.recorded.cues.at(-1)?.end_ms ?? 0) : this.total_ms);
  readonly by = $derived.by((): 'recording' | 'browser' | 'nobody' => {
    if (this.recorded.audio !== '') return 'recording';
    return this.isGrowing || this.voices.length === 0 ? 'nobody' : 'browser';
  });
  readonly chapters = $derived.by((): Chapter[] => {
    let turn = 0;
    return this.podcast.chapters.map(({ title, turns }) => {
      const first = turn;
      turn += turns;
      const start = this.turns[first]?.start ?? 0;
      return { title, turn: first, start, end: this.turns[turn]?.start ?? this.total_ms };
    });
  });
  readonly chapter = $derived(this.chapters.filter(({ turn }) => turn <= this.turn).at(-1));
  readonly speaker = $derived.by(() => this.lines[this.turn]?.speaker ?? 'a');

  #sound: Sound | undefined;
  #kept_ms = 0;

  constructor(
    private readonly podcast: Podcast,
    private readonly lines: readonly Line[],
    private readonly audio: HTMLAudioElement,
  ) {
    this.recorded = podcast.recorded;
    const place = readPlace(podcast.slug);
    const turn = place && this.turns[place.turn];
    if (place && turn) this.at_ms = Math.min(turn.start + place.within, turn.end);
    this.#lookForVoices();
    if ('speechSynthesis' in window) speechSynthesis.addEventListener('voiceschanged', () => this.#lookForVoices());
    addEventListener('pagehide', () => this.#keep());
    if (this.isGrowing) void this.#watch();
  }

  play(): void {
    if (this.by === 'nobody') return;
    this.hasFailed = false;
    this.isPlaying = true;
    if (this.total_ms - this.at_ms < NEARLY_MS) this.at_ms = 0;
    this.#sound ??= this.#newSound();
    this.#sound.setSpeed(this.speed);
    this.#sound.play(this.at_ms);
  }

  pause(): void {
    this.#sound?.pause();
    this.paused();
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** Go to a place; what is played goes on from there. */
  seek(ms: number): void {
    this.at_ms = Math.max(0, Math.min(ms, this.heard_ms));
    this.#keep();
    if (this.isPlaying) this.#sound?.play(this.at_ms);
  }

  playTurn(turn: number): void {
    if (this.by === 'nobody') return;
    this.isFollowing = true;
    this.seek(this.turns[turn]?.start ?? 0);
    if (!this.isPlaying) this.play();
  }

  /** To the beginning of the next chapter; back to that of this one, or of the one before. */
  goToChapter(step: 1 | -1): void {
    const now = this.chapters.findIndex(({ turn }) => turn === this.chapter?.turn);
    const isAtStart = this.at_ms - (this.chapter?.start ?? 0) < NEARLY_MS;
    const goal = this.chapters[step === 1 || isAtStart ? now + step : now];
    this.seek(goal?.start ?? 0);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    keepSpeed(speed);
    this.#sound?.setSpeed(speed);
  }

  at(ms: number): void {
    this.at_ms = ms;
    this.isWaiting = false;
    if (Math.abs(ms - this.#kept_ms) > KEEP_EVERY_MS) this.#keep();
  }

  waits(): void {
    this.isWaiting = true;
  }

  paused(): void {
    this.isPlaying = this.isWaiting = false;
    this.#keep();
  }

  ended(): void {
    this.at_ms = this.total_ms;
    this.paused();
  }

  failed(): void {
    this.paused();
    this.hasFailed = true;
  }

  #newSound(): Sound {
    if (this.by === 'browser') return new SpokenSound(this, this.lines, this.turns, this.voices);
    const sound = new RecordedSound(this.audio, this, this.recorded.audio);
    sound.renew(this.recorded.audio, this.isGrowing);
    return sound;
  }

  #lookForVoices(): void {
    this.voices = voicesFor(this.podcast.language);
  }

  /** Ask how far the recording is until it is there. */
  async #watch(): Promise<void> {
    let pause_ms = ASK_MS;
    while (this.isGrowing) {
      await new Promise((later) => setTimeout(later, pause_ms));
      try {
        this.#renew(await get<Recorded>(this.podcast.state));
        pause_ms = ASK_MS;
      } catch {
        pause_ms = ASK_SELDOM_MS; // the server is away; what is there can still be heard
      }
    }
  }

  #renew(recorded: Recorded): void {
    // What was recorded stays in reach of who listens to it, whatever became of the rest.
    if (recorded.state === 'failed' && this.#sound) return this.#stopGrowing();
    this.recorded = recorded;
    if (this.#sound instanceof RecordedSound) this.#sound.renew(recorded.audio, this.isGrowing);
  }

  #stopGrowing(): void {
    const { audio, cues, voice } = this.recorded;
    this.recorded = { state: 'failed', audio, cues, voice };
    if (this.#sound instanceof RecordedSound) this.#sound.renew(audio, false);
  }

  #keep(): void {
    this.#kept_ms = this.at_ms;
    const isDone = this.total_ms - this.at_ms < NEARLY_MS;
    const start = this.turns[this.turn]?.start ?? 0;
    const isAtStart = this.at_ms === 0;
    keepPlace(
      this.podcast.slug,
      isDone || isAtStart ? undefined : { turn: this.turn, within: Math.max(0, Math.round(this.at_ms - start)) },
    );
  }
}
