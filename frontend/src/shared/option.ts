/** The colour of answer A to F, as a value for CSS; its letter and shape say the same. */
export function colourOf(index: number): string {
  return `var(--${'abcdef'.charAt(index)})`;
}
