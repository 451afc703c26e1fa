// One passage of the notes at a time is lit up, as with a marker pen; `lit.css` says how it looks.

import './lit.css';

const NAME = 'lit';

/**
 * Light up what stands between the marks `data-from` and `data-to` of these places in a part of the notes;
 * gives what to bring into view. Where the marks aren't there, that is the part itself, and nothing is lit.
 */
export function light(part: Element, start: number | null, end: number | null): Element {
  dim();
  const from = start === null ? null : part.querySelector(`[data-from="${start}"]`);
  const to = end === null ? null : part.querySelector(`[data-to="${end}"]`);
  if (!from || !to) return part;
  if ('highlights' in CSS) {
    const range = new Range();
    range.setStartAfter(from);
    range.setEndBefore(to);
    CSS.highlights.set(NAME, new Highlight(range));
  } else {
    // A range may begin in one element and end in another, so the whole item is lit.
    from.closest('li, p, tr, pre, blockquote')?.classList.add(NAME);
  }
  return from;
}

export function dim(): void {
  if ('highlights' in CSS) CSS.highlights.delete(NAME);
  for (const lit of document.querySelectorAll(`.${NAME}`)) lit.classList.remove(NAME);
}
