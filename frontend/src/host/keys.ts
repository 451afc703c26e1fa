export type HostKey = 'next' | 'pause' | 'extend';

type Press = Pick<KeyboardEvent, 'key' | 'target' | 'defaultPrevented' | 'repeat' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

const KEYS: Record<string, HostKey> = {
  ArrowRight: 'next',
  PageDown: 'next',
  ' ': 'next',
  p: 'pause',
  P: 'pause',
  '+': 'extend',
};
const TAKES_ALL_KEYS = 'input, textarea, select, [contenteditable], [role="slider"], dialog';
const TAKES_SPACE = 'button, summary';

/** A button pressed by hand, not by key, gives the space key back to "next". */
export function letGo(event: MouseEvent): void {
  if (event.detail > 0 && event.currentTarget instanceof HTMLElement) event.currentTarget.blur();
}

/**
 * What this key press asks of the host's strip. Nothing while typing or turning a knob, nor held down;
 * and space on a button is that button's. Presenter remotes send PageDown, whatever has the focus.
 */
export function hostKey(event: Press): HostKey | null {
  if (event.defaultPrevented || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return null;
  // On most keyboards a plus needs it.
  if (event.shiftKey && event.key !== '+') return null;
  const asked = KEYS[event.key] ?? null;
  const taken = event.key === ' ' ? `${TAKES_ALL_KEYS}, ${TAKES_SPACE}` : TAKES_ALL_KEYS;
  return event.target instanceof Element && event.target.closest(taken) ? null : asked;
}
