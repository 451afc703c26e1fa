// The browser's own voices, which read the transcript: one sentence at a time, since some browsers stop
// in the middle of a long text.

import type { Listener, Sound } from './sound';
import { turnAt, type Timed } from './timeline';

export type Speaker = 'a' | 'b';

export interface Line {
  speaker: Speaker;
  text: string;
}

/** Voices for a language, at most two: of the same country first. */
export function voicesFor(language: string): SpeechSynthesisVoice[] {
  if (!('speechSynthesis' in window)) return [];
  const tag = (lang: string) => lang.toLowerCase().replace('_', '-');
  const base = (lang: string) => tag(lang).split('-')[0];
  const fitting = speechSynthesis.getVoices().filter(({ lang }) => base(lang) === base(language));
  const near = fitting.filter(({ lang }) => tag(lang) === tag(language));
  return [...near, ...fitting.filter((voice) => !near.includes(voice))].slice(0, 2);
}

export class SpokenSound implements Sound {
  #speed = 1;
  #current: SpeechSynthesisUtterance | undefined;

  constructor(
    private readonly listener: Listener,
    private readonly lines: readonly Line[],
    /** When each line would be said: browsers don't tell how far they are. */
    private readonly times: readonly Timed[],
    private readonly voices: readonly SpeechSynthesisVoice[],
  ) {
    addEventListener('pagehide', () => this.pause());
  }

  play(from: number): void {
    this.pause();
    const line = turnAt(this.times, from);
    const { start = 0, end = 0 } = this.times[line] ?? {};
    const share = end > start ? (from - start) / (end - start) : 0;
    const sentences = sentencesOf(this.lines[line]?.text ?? '');
    this.#say(line, Math.min(Math.floor(share * sentences.length + 1e-9), sentences.length - 1));
  }

  pause(): void {
    this.#current = undefined;
    speechSynthesis.cancel();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
  }

  #say(line: number, sentence: number): void {
    const said = this.lines[line];
    const time = this.times[line];
    if (!said || !time) return this.listener.ended();
    const sentences = sentencesOf(said.text);
    const text = sentences[sentence];
    if (text === undefined) return this.#say(line + 1, 0);
    this.listener.at(time.start + ((time.end - time.start) * sentence) / sentences.length);
    const utterance = new SpeechSynthesisUtterance(text);
    const voice = this.voices[said.speaker === 'a' ? 0 : this.voices.length - 1];
    if (voice) {
      utterance.voice = voice;
      utterance.lang = voice.lang;
    }
    utterance.rate = this.#speed;
    // One voice for both: at least they don't sound quite the same.
    if (this.voices.length === 1) utterance.pitch = said.speaker === 'a' ? 1.15 : 0.9;
    utterance.addEventListener('end', () => {
      // Another place may have been asked for before the end of this one is told.
      if (this.#current === utterance) this.#say(line, sentence + 1);
    });
    utterance.addEventListener('error', () => {
      if (this.#current === utterance) this.listener.failed();
    });
    this.#current = utterance;
    speechSynthesis.speak(utterance);
  }
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?…]["”’)\]]*)\s+/);
}
