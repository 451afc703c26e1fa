/** The text as HTML that is safe to show; null where it is plain. */
export function htmlOf(text: string, rich: Record<string, string>): string | null {
  // A lesson may well have an option that is called toString.
  return Object.hasOwn(rich, text) ? (rich[text] ?? null) : null;
}

/** A plain text as HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
