const NEXT_KEYS = ['ArrowRight', 'PageDown', ' '];
const TAKES_ALL_KEYS = 'input, textarea, select, [contenteditable], [role="slider"]';
const TAKES_SPACE = 'button, summary';

/** A button pressed by hand, not by key, gives the space key back to "next". */
export function letGo(event: MouseEvent): void {
  if (event.detail > 0 && event.currentTarget instanceof HTMLElement) event.currentTarget.blur();
}

/**
 * Does this key press mean "move on"? Not while typing or turning a knob, not held down; and space
 * on a button is that button's. Presenter remotes send PageDown, whatever has the focus.
 */
export function isNextKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  if (!NEXT_KEYS.includes(event.key)) return false;
  const taken = event.key === ' ' ? `${TAKES_ALL_KEYS}, ${TAKES_SPACE}` : TAKES_ALL_KEYS;
  return !(event.target instanceof Element && event.target.closest(taken));
}
