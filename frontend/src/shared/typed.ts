// A typed answer beside the right one: compared as `lessons.questions` does, and what differs shown.

/** A stretch of the right answer that is there, one that is missing, or one that was typed too much. */
export interface Part {
  kind: 'same' | 'missing' | 'extra';
  text: string;
}

export interface Compared {
  isRight: boolean;
  /** Of the accepted answers the one nearest to what was typed. */
  nearest: string;
  /** From what was typed to the nearest answer. */
  parts: Part[];
}

/** Compares as the server does; `typos` forgives slips of the finger in long words. */
export function compared(given: string, accepted: readonly string[], typos: boolean): Compared {
  const told = folded(given);
  const ranked = accepted.map((text) => ({ text, distance: distance(told, folded(text)) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const nearest = ranked[0]?.text ?? '';
  const isRight = ranked.some(({ text, distance: off }) => off === 0 || (typos && off <= slipsAllowed(folded(text))));
  return { isRight, nearest, parts: parts([...given.trim().normalize('NFC')], [...nearest.normalize('NFC')]) };
}

/** What two typed answers are compared by: no case, punctuation, width, or leading article. */
export function folded(text: string): string {
  const plain = caseFolded(text.normalize('NFKC')).normalize('NFKC');
  let spaced = '';
  for (const character of plain) {
    if (/[\p{Cf}\p{Cc}]/u.test(character) && !/\s/u.test(character)) continue;
    spaced += /[\p{P}\p{Z}\s]/u.test(character) ? ' ' : character;
  }
  const words = spaced.split(' ').filter((word) => word !== '');
  if (words.length > 1 && /^(a|an|the)$/.test(words[0] ?? '')) words.shift();
  return words.join(' ');
}

/** Python's casefold, as far as lower case doesn't do it: ß is ss, a final sigma is a sigma. */
function caseFolded(text: string): string {
  return text.toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ');
}

function slipsAllowed(text: string): number {
  if (/\p{Nd}/u.test(text)) return 0;
  const length = [...text].length;
  return length < 5 ? 0 : length < 9 ? 1 : 2;
}

/** Optimal string alignment: a letter more, less or another, or two neighbours swapped, is one slip. */
function distance(from: string, to: string): number {
  const [a, b] = [[...from], [...to]];
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The longest common run of letters stays; case alone makes no difference. */
function parts(given: string[], right: string[]): Part[] {
  const same = (i: number, j: number) => given[i]?.toLowerCase() === right[j]?.toLowerCase();
  // common[i][j]: how many letters of given[i:] and right[j:] can stay
  const common = Array.from({ length: given.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = given.length - 1; i >= 0; i -= 1) {
    const row = common[i] ?? [];
    for (let j = right.length - 1; j >= 0; j -= 1) {
      row[j] = same(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: Part[] = [];
  const add = (kind: Part['kind'], text: string) => {
    const last = found.at(-1);
    if (last?.kind === kind) last.text += text;
    else found.push({ kind, text });
  };
  let [i, j] = [0, 0];
  while (i < given.length || j < right.length) {
    if (i < given.length && j < right.length && same(i, j)) {
      add('same', right[j] ?? '');
      i += 1;
      j += 1;
    } else if (i < given.length && (j >= right.length || at(i + 1, j) >= at(i, j + 1))) {
      add('extra', given[i] ?? '');
      i += 1;
    } else {
      add('missing', right[j] ?? '');
      j += 1;
    }
  }
  return found;
}
