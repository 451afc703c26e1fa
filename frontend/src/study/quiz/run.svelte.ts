import type { Answering } from '../../player/answering';
import type { Answer } from '../../room.svelte';
import { Failed, post } from '../api';
import type { GivenAnswer, QuestionView, ReportedQuestion, RunView, Source, Verdict } from '../messages.gen';
import { words as common } from '../words';
import { words } from './words';

const SLOW_MS = 3_000;
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000];

/** One go at a lesson's questions: where the learner stands, and what the server said. */
export class Run implements Answering {
  readonly given: RunView;
  /** By round. */
  verdicts = $state.raw<Record<number, Verdict>>({});
  round = $state(0);
  /** On its way to the server. */
  pending = $state.raw<GivenAnswer | null>(null);
  /** What is in the way, in words. */
  problem = $state('');
  /** Why no answer is taken any more, in words. */
  closed = $state('');
  /** Why the server didn't hear that a question is no good, in words. */
  unreported = $state('');

  question = $derived.by<QuestionView | undefined>(() => this.given.questions[this.round]);
  verdict = $derived<Verdict | null>(this.verdicts[this.round] ?? null);
  answer = $derived<Answer | null>(this.pending?.answer ?? this.verdict?.answer ?? null);
  isAnswerAccepted = $derived(this.verdict !== null);
  isOver = $derived(this.question === undefined || (this.closed !== '' && this.verdict === null));

  #kept: Kept;
  #shownAt = performance.now();

  constructor(given: RunView) {
    this.given = given;
    this.#kept = new Kept(`quiz:${given.key}`);
    this.verdicts = Object.fromEntries(given.verdicts.map((verdict) => [verdict.round, verdict]));
    this.closed = given.closed;
    this.round = this.#firstOpen();
    const unheard = this.#kept.answer;
    if (unheard !== null && this.verdicts[unheard.round] === undefined) {
      this.round = unheard.round;
      void this.#send(unheard);
    }
  }

  submit(answer: Answer | null): void {
    if (this.pending !== null || this.verdict !== null) return;
    const elapsed_ms = Math.round(performance.now() - this.#shownAt);
    void this.#send({ round: this.round, answer, elapsed_ms });
  }

  /** A new question is no good. */
  async report(round: number, { report_address }: Source): Promise<void> {
    this.unreported = '';
    try {
      const said: ReportedQuestion = { round };
      this.verdicts = { ...this.verdicts, [round]: await post<Verdict>(report_address, said) };
    } catch (failure) {
      const { status, message } = failure instanceof Failed ? failure : new Failed('', 0);
      this.unreported = status === 0 || status >= 500 ? common.failed : message || words.source.failed;
    }
  }

  goOn(): void {
    this.problem = this.unreported = '';
    do this.round += 1;
    while (this.verdict !== null);
    this.#shownAt = performance.now();
  }

  /** The first round without an answer, or the slides to read before it. */
  #firstOpen(): number {
    const { questions } = this.given;
    const isSlide = (round: number) => questions[round]?.kind === 'info_slide';
    let open = questions.findIndex((_, round) => !isSlide(round) && this.verdicts[round] === undefined);
    if (open < 0) return questions.length;
    while (isSlide(open - 1)) open -= 1;
    return open;
  }

  async #send(answer: GivenAnswer): Promise<void> {
    this.pending = answer;
    this.#kept.answer = answer;
    this.problem = '';
    for (let tries = 0; ; tries += 1) {
      const slow = setTimeout(() => (this.problem ||= words.slow), SLOW_MS);
      try {
        const verdict = await post<Verdict>(this.given.answer_address, answer);
        this.verdicts = { ...this.verdicts, [verdict.round]: verdict };
        this.problem = '';
        break;
      } catch (failure) {
        const { status, message } = failure instanceof Failed ? failure : new Failed('', 0);
        if (status === 0 || status >= 500) {
          this.problem = navigator.onLine && status !== 0 ? common.failed : words.offline;
          await pause(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0);
          continue;
        }
        if (status === 410) this.closed = message;
        else this.problem = message || words.gone;
        break;
      } finally {
        clearTimeout(slow);
      }
    }
    this.pending = this.#kept.answer = null;
  }
}

/** Until then, or until the browser is online again. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(go, ms);
    function go(): void {
      clearTimeout(timer);
      removeEventListener('online', go);
      resolve();
    }
    addEventListener('online', go);
  });
}

/** An answer that the server hasn't got yet; a reload doesn't lose it. */
class Kept {
  constructor(private readonly name: string) {}

  get answer(): GivenAnswer | null {
    try {
      return readAnswer(localStorage.getItem(this.name));
    } catch {
      return null; // storage is off, or it holds something else
    }
  }

  set answer(answer: GivenAnswer | null) {
    try {
      if (answer === null) localStorage.removeItem(this.name);
      else localStorage.setItem(this.name, JSON.stringify(answer));
    } catch {
      // Storage is off or full: the page's own memory has it.
    }
  }
}

function readAnswer(json: string | null): GivenAnswer | null {
  return json === null ? null : JSON.parse(json);
}
