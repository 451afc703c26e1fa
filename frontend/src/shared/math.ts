// LaTeX that the server marked, `<span class="math">` or `<div class="math">`, becomes formulas.

import type { KatexOptions } from 'katex';

/** Loads KaTeX only where there is a formula; until then, and without it, its source is read. */
export async function typeset(root: ParentNode): Promise<void> {
  const found = root.querySelectorAll<HTMLElement>('.math:not([data-done])');
  if (found.length === 0) return;
  const write = await loadFormulas();
  for (const formula of found) {
    // Another call may have come first while KaTeX was under way.
    if (formula.dataset.done !== undefined) continue;
    formula.dataset.done = '';
    write(formula.textContent, formula, {
      displayMode: formula.tagName === 'DIV',
      throwOnError: false,
      maxSize: 20,
    });
  }
}

type Write = (tex: string, place: Element, options: KatexOptions) => void;

/** Loads KaTeX and its fonts; gives what writes a formula into a place. */
export async function loadFormulas(): Promise<Write> {
  const [{ default: katex }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  return (tex, place, options) => {
    // The pages forbid `style="..."` in markup, which `\vec`, error colours and a few more come with.
    // KaTeX escapes every quote in text, so what is found here is in tags.
    place.innerHTML = katex.renderToString(tex, options).replaceAll(' style="', ' data-style="');
    for (const part of place.querySelectorAll<HTMLElement | SVGElement>('[data-style]')) {
      // Set by a script, a style is allowed.
      part.style.cssText = part.dataset.style ?? '';
      delete part.dataset.style;
    }
  };
}
