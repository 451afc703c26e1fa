// Byte-pair encoding, replayed: how any text is cut after any number of merges.

/** A token that stands in the text from one merge on until another takes it up. */
export interface Span {
  /** Bytes of the text, the end not included. */
  start: number;
  end: number;
  /** Its number, which is its row in the table. */
  id: number;
  from: number;
  until: number;
  /** As it is read: a space is a dot, a byte that is only a part of a letter is its number. */
  label: string;
}

export interface Replay {
  bytes: number;
  letters: number;
  words: number;
  /** Where a word starts, in bytes. */
  starts: Set<number>;
  spans: Span[];
  /** For every letter, the byte it starts with. */
  byteOf: number[];
}

const BYTES = 256;
// As in tokens.py, whose \w is letters, digits and the underscore of every script.
const WORD = / ?[\p{L}\p{N}_]+| ?[^\p{L}\p{N}_ ]+| /gu;

/** All tokens that ever stand in the text while the merges are made one after the other. */
export function replayed(text: string, merges: readonly (readonly number[])[]): Replay {
  const bytes = new TextEncoder().encode(text);
  const born = (start: number, end: number, id: number, from: number): Span => ({
    start,
    end,
    id,
    from,
    until: Infinity,
    label: labelOf(bytes.subarray(start, end)),
  });
  const spans: Span[] = [];
  const starts = new Set<number>();
  let offset = 0;
  for (const word of text.match(WORD) ?? []) {
    starts.add(offset);
    const length = new TextEncoder().encode(word).length;
    let standing = Array.from({ length }, (_, i) => born(offset + i, offset + i + 1, bytes[offset + i] ?? 0, 0));
    spans.push(...standing);
    merges.forEach(([left, right], i) => {
      const next: Span[] = [];
      for (let at = 0; at < standing.length; at++) {
        const [first, second] = [standing[at], standing[at + 1]];
        if (!first) continue;
        if (second && first.id === left && second.id === right) {
          first.until = second.until = i + 1;
          const merged = born(first.start, second.end, BYTES + i, i + 1);
          spans.push(merged);
          next.push(merged);
          at++;
        } else next.push(first);
      }
      standing = next;
    });
    offset += length;
  }
  let byte = 0;
  const byteOf = [...text].map((letter) => {
    const at = byte;
    byte += new TextEncoder().encode(letter).length;
    return at;
  });
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  return { bytes: bytes.length, letters: byteOf.length, words, starts, spans, byteOf };
}

/** The tokens of the text after so many merges, in their order. */
export function tokensAfter({ spans }: Replay, merges: number): Span[] {
  return spans
    .filter(({ from, until }) => from <= merges && merges < until)
    .sort((a, b) => a.start - b.start);
}

/** Which token has that letter of the text, counted from 1; the last one, where the text is shorter. */
export function tokenWith({ byteOf }: Replay, tokens: readonly Span[], letter: number): number {
  const byte = byteOf[Math.min(letter, byteOf.length) - 1] ?? 0;
  return Math.max(0, tokens.findIndex(({ end }) => byte < end));
}

/** What every token stands for, as it is read. */
export function labelsOf(merges: readonly (readonly number[])[]): string[] {
  const pieces = Array.from({ length: BYTES }, (_, byte) => [byte]);
  for (const [left, right] of merges) pieces.push([...(pieces[left ?? 0] ?? []), ...(pieces[right ?? 0] ?? [])]);
  return pieces.map((piece) => labelOf(Uint8Array.from(piece)));
}

export interface Tile extends Span {
  x: number;
  line: number;
  width: number;
}

/** How wide the letters of a token are, in units of their size. */
export type Measure = (span: Span) => number;

/** Around the letters of a tile, and between two tiles, in units of the letters' size. */
const PAD = 0.14;
const GAP = 0.1;

/** Tiles in lines that break where words start, and at the same words after every merge. */
export function tiled(replay: Replay, merges: number, width: number, fontSize: number, measure: Measure): Tile[] {
  const wide = (span: Span) => (measure(span) + 2 * PAD) * fontSize;
  // Where each byte would end, had nothing merged and no line broken.
  let sum = 0;
  const unmerged = [0, ...tokensAfter(replay, 0).map((byte) => (sum += wide(byte) + GAP * fontSize))];
  const between = (start: number, end: number) => (unmerged[end] ?? 0) - (unmerged[start] ?? 0);
  const ends = [...replay.starts, replay.bytes];
  const tiles: Tile[] = [];
  let [x, line, lineStart] = [0, 0, 0];
  for (const token of tokensAfter(replay, merges)) {
    const wordEnd = replay.starts.has(token.start) ? (ends[ends.indexOf(token.start) + 1] ?? 0) : 0;
    const hasRoom = between(lineStart, wordEnd) <= width && x + wide(token) <= width;
    if (x > 0 && !hasRoom) {
      line++;
      x = 0;
      lineStart = token.start;
    }
    tiles.push({ ...token, x, line, width: wide(token) });
    x += wide(token) + GAP * fontSize;
  }
  return tiles;
}

/** The largest size, of those allowed, at which the text before all merges has so many lines at most. */
export function fittingSize(
  replay: Replay,
  width: number,
  lines: number,
  { smallest, largest, measure }: { smallest: number; largest: number; measure: Measure },
): number {
  for (let size = largest; size > smallest; size -= 1) {
    if ((tiled(replay, 0, width, size, measure).at(-1)?.line ?? 0) < lines) return size;
  }
  return smallest;
}

function labelOf(piece: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(piece).replaceAll(' ', '·');
  } catch {
    const readable = (byte: number) => (byte < 128 ? String.fromCharCode(byte) : byte.toString(16));
    return [...piece].map((byte) => readable(byte).replace(' ', '·')).join(' ');
  }
}
