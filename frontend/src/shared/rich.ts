/** The text as HTML that is safe to show; null where it is plain. */
export function htmlOf(text: string, rich: Record<string, string>): string | null {
  // A lesson may well have an option that is called toString.
  return Object.hasOwn(rich, text) ? (rich[text] ?? null) : null;
}

/** A plain text as HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The letters of a text alone; a formula stays LaTeX, as whoever wrote it would read it out. */
export function plainOf(text: string, rich: Record<string, string>): string {
  const html = htmlOf(text, rich);
  if (html === null) return text;
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}
