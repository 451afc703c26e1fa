// KaTeX on pages that forbid `style="..."` in markup: `\vec`, error colours and a few more need it.

import type { KatexOptions } from 'katex';

type Write = (tex: string, place: Element, options: KatexOptions) => void;

/** Loads KaTeX and its fonts; gives what writes a formula into a place. */
export async function loadFormulas(): Promise<Write> {
  const [{ default: katex }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  return (tex, place, options) => {
    // KaTeX escapes every quote in text, so this is found in tags alone.
    place.innerHTML = katex.renderToString(tex, options).replaceAll(' style="', ' data-style="');
    for (const part of place.querySelectorAll<HTMLElement | SVGElement>('[data-style]')) {
      // Set by script it is allowed, whatever the policy says about markup.
      part.style.cssText = part.dataset.style ?? '';
      delete part.dataset.style;
    }
  };
}
