// LaTeX that the server marked, `<span class="math">` or `<div class="math">`, becomes formulas.

/** Loads KaTeX only where there is a formula; until then, and without it, its source is read. */
export async function typeset(root: ParentNode): Promise<void> {
  const found = root.querySelectorAll<HTMLElement>('.math:not([data-done])');
  if (found.length === 0) return;
  const [{ default: katex }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  for (const formula of found) {
    // Another call may have come first while KaTeX was under way.
    if (formula.dataset.done !== undefined) continue;
    formula.dataset.done = '';
    katex.render(formula.textContent, formula, {
      displayMode: formula.tagName === 'DIV',
      throwOnError: false,
      maxSize: 20,
    });
  }
}
