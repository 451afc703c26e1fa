import type { OwnResult, QuestionView } from '../protocol.gen';

export type Verdict = 'missed' | 'unanswered' | 'right' | 'close' | 'partlyRight' | 'wrong';

/** What became of this player's answer. */
export function verdictOf(question: QuestionView, own: OwnResult | null): Verdict {
  if (own === null) return 'missed';
  return verdictThen(question, own.answered, own.is_right, own.part);
}

/** The same of a round looked back on. */
export function verdictThen(question: QuestionView, hasAnswer: boolean, isRight: boolean, part: number): Verdict {
  if (!hasAnswer) return 'unanswered';
  if (isRight) return 'right';
  if (part <= 0) return 'wrong';
  return question.kind === 'several_right' ? 'partlyRight' : 'close';
}

/** Is there something right and something wrong about it? */
export function isScored({ kind }: QuestionView): boolean {
  return kind !== 'poll' && kind !== 'word_cloud' && kind !== 'info_slide';
}
