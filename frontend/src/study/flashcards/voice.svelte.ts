// The browser's own voice, where it has one for the lesson's language.

export class Voice {
  isThere = $state(false);
  isSpeaking = $state(false);

  constructor(private readonly language: string) {
    if (!('speechSynthesis' in window)) return;
    this.#look();
    speechSynthesis.addEventListener('voiceschanged', () => this.#look());
    addEventListener('pagehide', () => this.stop());
  }

  say(text: string): void {
    this.stop();
    const voice = this.#voice();
    if (!voice || text === '') return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    // Another text may have begun before this one's end is told.
    const ended = () => {
      if (this.#current === utterance) this.isSpeaking = false;
    };
    utterance.addEventListener('end', ended);
    utterance.addEventListener('error', ended);
    this.#current = utterance;
    this.isSpeaking = true;
    speechSynthesis.speak(utterance);
  }

  stop(): void {
    if (!this.isSpeaking) return;
    this.isSpeaking = false;
    speechSynthesis.cancel();
  }

  #current: SpeechSynthesisUtterance | undefined;

  #look(): void {
    this.isThere = this.#voice() !== undefined;
  }

  /** Of the same country where there is one, else of the same language. */
  #voice(): SpeechSynthesisVoice | undefined {
    const wanted = this.language.toLowerCase();
    const [language] = wanted.split('-');
    const fitting = speechSynthesis
      .getVoices()
      .filter(({ lang }) => lang.toLowerCase().replace('_', '-').split('-')[0] === language);
    return fitting.find(({ lang }) => lang.toLowerCase().replace('_', '-') === wanted) ?? fitting[0];
  }
}
