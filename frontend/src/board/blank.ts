const BLANK = /_{3,}|…{2,}/;

/** The prompt before and after its blank; null where it has none. */
export function aroundBlank(prompt: string): { before: string; after: string } | null {
  const blank = BLANK.exec(prompt);
  if (!blank) return null;
  return { before: prompt.slice(0, blank.index), after: prompt.slice(blank.index + blank[0].length) };
}

/** The prompt's HTML with this HTML in place of its blank. */
export function withBlank(html: string, filling: string): string {
  return html.replace(BLANK, () => filling);
}

/** A plain text as HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
