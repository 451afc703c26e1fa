import type { QuestionView, RoundResult } from '../protocol.gen';
import { shown } from '../words';

/** What is right, without what a room answered. */
export type Right = Pick<RoundResult, 'right' | 'accepted' | 'number' | 'tolerance' | 'rich'>;

/** The right answer on one line; empty for steps, whose order doesn't fit on one, and where nothing is right. */
export function rightInWords(question: QuestionView, result: Right): string {
  return rightTexts(question, result).join(' · ');
}

/** Every right answer that there is; of accepted texts the first, as the others say the same. */
export function rightTexts(question: QuestionView, result: Right): string[] {
  switch (question.kind) {
    case 'typed_text':
      return result.accepted.slice(0, 1);
    case 'typed_number':
      return result.number === null ? [] : [withUnit(result.number, question.unit)];
    case 'number_guess':
      return result.number === null ? [] : [withUnit(result.number, question.scale?.unit ?? '')];
    case 'single_choice':
    case 'several_right':
    case 'true_false':
      return result.right.flatMap((index) => question.options[index] ?? []);
    case 'order_steps':
    case 'poll':
    case 'word_cloud':
    case 'info_slide':
      return [];
  }
}

/** Is there something right and something wrong about it? */
export function isScored(question: QuestionView): boolean {
  return !['poll', 'word_cloud', 'info_slide'].includes(question.kind);
}

/** 90°, 3.5 %, 12 steps: signs that hang on the number hang on it. */
export function withUnit(number: number, unit: string): string {
  const digits = shown(number).replace('-', '−');
  if (unit === '') return digits;
  return /^[°′″]/.test(unit) ? digits + unit : `${digits} ${unit}`;
}
