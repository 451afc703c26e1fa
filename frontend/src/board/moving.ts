import { cubicInOut } from 'svelte/easing';
import { prefersReducedMotion } from 'svelte/motion';
import { crossfade } from 'svelte/transition';

/** How long a row takes to its new place. */
export function movesMs(): number {
  return prefersReducedMotion.current ? 0 : 600;
}

/** What leaves one phase and arrives in the next moves there; with reduced motion it is just there. */
export const [leaves, arrives] = crossfade({
  duration: () => (prefersReducedMotion.current ? 0 : 450),
  easing: cubicInOut,
});
