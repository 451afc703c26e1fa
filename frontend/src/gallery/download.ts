// The drawing on show as a file of its own: styles, font and words in it.
import fontUrl from '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2?url';
import type { Picture } from '../protocol.gen';
import { wrapped } from '../explanations/wrapped';
import { words } from './words';

const DRAWN = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-size',
  'font-weight',
  'font-style',
  'font-variant-numeric',
  'letter-spacing',
  'text-anchor',
  'dominant-baseline',
  'paint-order',
  'visibility',
  'display',
  'mix-blend-mode',
];
const FONT = 'Atkinson Hyperlegible Next';
const MARGIN = 28;
/** The PNG's pixels for each of the drawing's. */
const SHARPNESS = 2;

/** An SVG document with the drawing as it stands, its title, caption, checks and source. */
export async function svgOf(drawing: SVGSVGElement, picture: Picture): Promise<SVGSVGElement> {
  const page = getComputedStyle(drawing);
  const colour = (token: string) => {
    const probe = document.createElement('i');
    probe.style.color = `var(${token})`;
    drawing.parentElement?.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  const [ink, quiet, surface] = [colour('--ink'), colour('--ink-quiet'), colour('--surface')];

  const copy = withStyles(drawing);
  const width = drawing.clientWidth;
  const checks = picture.check.map(({ name, got, want, unit }) =>
    words.measured(name, `${got}${unit}`.replace('-', '−'), `${want}${unit}`.replace('-', '−')),
  );
  const head = [
    ...linesOf(picture.title, width, 24, 650, ink),
    ...linesOf(picture.caption, width, 16, 400, quiet),
  ];
  const foot = [...checks, words.source(picture.source)].flatMap((line) => linesOf(line, width, 13, 400, quiet));
  const svg = element('svg', { xmlns: 'http://www.w3.org/2000/svg' });
  let y = MARGIN;
  const lines: SVGElement[] = [];
  const set = (block: Line[]) => {
    for (const { text, size, weight, fill } of block) {
      y += size * 1.4;
      const line = element('text', { x: MARGIN, y, fill, 'font-size': size, 'font-weight': weight });
      line.textContent = text;
      lines.push(line);
    }
  };
  set(head);
  y += MARGIN * 0.75;
  copy.setAttribute('x', String(MARGIN));
  copy.setAttribute('y', String(y));
  y += drawing.clientHeight + MARGIN * 0.5;
  set(foot);
  const size = { width: width + 2 * MARGIN, height: Math.ceil(y + MARGIN) };
  for (const [name, value] of Object.entries({ ...size, viewBox: `0 0 ${size.width} ${size.height}` })) {
    svg.setAttribute(name, String(value));
  }
  svg.setAttribute('font-family', `'${FONT}', system-ui, sans-serif`);
  svg.setAttribute('font-size', page.fontSize);
  const style = element('style', {});
  style.textContent = await fontFace();
  const description = element('desc', {});
  description.textContent = picture.text;
  svg.append(description, style, element('rect', { ...size, fill: surface }), ...lines, copy);
  return svg;
}

/** Hand the picture to the reader as a file. */
export async function saved(svg: SVGSVGElement, name: string, kind: 'svg' | 'png'): Promise<void> {
  const text = new XMLSerializer().serializeToString(svg);
  const blob = new Blob([text], { type: 'image/svg+xml' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(kind === 'svg' ? blob : await painted(svg, text));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

interface Line {
  text: string;
  size: number;
  weight: number;
  fill: string;
}

function linesOf(text: string, width: number, size: number, weight: number, fill: string): Line[] {
  return wrapped(text, width, size, weight).map((line) => ({ text: line, size, weight, fill }));
}

/** A copy whose look no longer hangs on the page's style sheets. */
function withStyles<Drawn extends Element>(original: Drawn): Drawn {
  const copy = original.cloneNode(false);
  if (!isLike(original, copy)) throw new Error('A copy is of another kind than its original.');
  for (const attribute of ['class', 'style']) copy.removeAttribute(attribute);
  const look = getComputedStyle(original);
  for (const property of DRAWN) {
    const value = look.getPropertyValue(property);
    if (value && value !== 'normal') copy.setAttribute(property, value);
  }
  for (const child of original.childNodes) {
    copy.append(child instanceof Element ? withStyles(child) : child.cloneNode());
  }
  return copy;
}

function isLike<Drawn extends Element>(original: Drawn, copy: Node): copy is Drawn {
  return copy instanceof Element && copy.tagName === original.tagName;
}

function element<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** The font itself: a picture in a file can't ask for the page's. */
async function fontFace(): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(fontUrl)).arrayBuffer());
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `@font-face{font-family:'${FONT}';font-weight:200 800;src:url(data:font/woff2;base64,${base64})}`;
}

async function painted(svg: SVGSVGElement, text: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Number(svg.getAttribute('width')) * SHARPNESS;
  canvas.height = Number(svg.getAttribute('height')) * SHARPNESS;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The canvas gave no PNG.'))), 'image/png');
  });
}
