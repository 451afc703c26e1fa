/** The number somebody typed, with a comma or a point; null while it isn't one. */
export function typedNumber(text: string): number | null {
  const tidy = text.replace(/[\s']/g, '').replace(/^[−–]/, '-');
  // The last of the two kinds is the decimal sign, the other one groups thousands.
  const isCommaDecimal = tidy.lastIndexOf(',') > tidy.lastIndexOf('.') && tidy.split(',').length === 2;
  const plain = isCommaDecimal ? tidy.replaceAll('.', '').replace(',', '.') : tidy.replaceAll(',', '');
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  const number = Number(plain);
  return Number.isFinite(number) ? number : null;
}

/** What would read otherwise than it was typed is to be shown back. */
export function isReadAsTyped(text: string): boolean {
  return /^[-−+]?\d+(\.\d+)?$/.test(text.trim());
}
