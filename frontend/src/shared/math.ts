/** Sets the LaTeX in a part of the page as mathematics. KaTeX is loaded only where there is some. */
export async function typeset(root: ParentNode): Promise<void> {
  if (root.querySelector(UNSET) === null) return;
  const [{ default: katex }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  for (const place of root.querySelectorAll<HTMLElement>(UNSET)) {
    place.dataset.done = '';
    const displayMode = place.classList.contains('display');
    katex.render(place.textContent ?? '', place, { displayMode, throwOnError: false });
  }
}

const UNSET = '.math:not([data-done])';
