// Text in an SVG has no size of its own and doesn't wrap by itself.

/** The size of ticks and asides beside ordinary text. */
export function smallOf(text: number): number {
  return Math.max(13, text * 0.75);
}

/** The width of a text in CSS pixels, in the page's font. */
export function widthOf(text: string, fontSize: number, weight = 400): number {
  const canvas = measuring();
  if (!canvas) return text.length * fontSize * 0.55;
  const { fontFamily } = getComputedStyle(document.documentElement);
  canvas.font = `${weight} ${fontSize}px ${fontFamily}`;
  return canvas.measureText(text).width;
}

let canvas: CanvasRenderingContext2D | null | undefined;

/** Made when first needed; null where there is no page, as in a test. */
function measuring(): CanvasRenderingContext2D | null {
  canvas ??= typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d');
  return canvas;
}

/** The text in lines no wider than `width`; a word that is wider alone stays whole. */
export function wrapped(text: string, width: number, fontSize: number, weight = 400): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`, fontSize, weight) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** The text, cut with an ellipsis where it is wider than `width`. */
export function shortened(text: string, width: number, fontSize: number, weight = 400): string {
  if (widthOf(text, fontSize, weight) <= width) return text;
  let end = text.length - 1;
  while (end > 0 && widthOf(`${text.slice(0, end).trimEnd()}…`, fontSize, weight) > width) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}
