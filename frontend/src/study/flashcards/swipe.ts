// A card under a finger: it follows, and either goes or comes back; a tap turns it.
import type { Attachment } from 'svelte/attachments';

const CLEAR_PX = 8;
const FAST_PX_PER_MS = 0.4;
/** A finger that stays longer wants something else than to turn the card. */
const LONG_MS = 600;

/** Where a card goes that was let go: 1 is the next, -1 the one before, 0 back to its place. */
export function swiped(dx: number, elapsedMs: number, width: number): -1 | 0 | 1 {
  const isFar = Math.abs(dx) > width * 0.3;
  const isFast = Math.abs(dx) > 24 && Math.abs(dx) / Math.max(elapsedMs, 1) > FAST_PX_PER_MS;
  if (!isFar && !isFast) return 0;
  return dx < 0 ? 1 : -1;
}

interface Hand {
  tap: () => void;
  /** How far the card hangs aside; 0 once it is let go. */
  move: (dx: number) => void;
  swipe: (by: -1 | 1) => void;
}

export function swipe({ tap, move, swipe: go }: Hand): Attachment<HTMLElement> {
  return (card) => {
    let from: { x: number; y: number; at: number } | null = null;
    let isDragged = false;
    let tappedAt = -Infinity;

    const down = (event: PointerEvent) => {
      if (!event.isPrimary || event.button !== 0 || isOwn(event.target)) return;
      from = { x: event.clientX, y: event.clientY, at: event.timeStamp };
      isDragged = false;
    };
    const moved = (event: PointerEvent) => {
      if (!from || !event.isPrimary) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      // A mouse selects text; only a finger or a pen pushes cards.
      if (!isDragged && event.pointerType !== 'mouse' && Math.abs(dx) > CLEAR_PX && Math.abs(dx) > Math.abs(dy)) {
        isDragged = true;
        card.setPointerCapture(event.pointerId);
      }
      if (isDragged) move(dx);
    };
    const up = (event: PointerEvent) => {
      if (from && isDragged) {
        const by = swiped(event.clientX - from.x, event.timeStamp - from.at, card.clientWidth);
        move(0);
        if (by !== 0) go(by);
      } else if (from && event.pointerType !== 'mouse' && event.timeStamp - from.at < LONG_MS) {
        // Not left to the click: Chromium has none for a tap soon after a swipe.
        touched(event);
        tappedAt = event.timeStamp;
      }
      from = null;
    };
    const cancelled = () => {
      from = null;
      move(0);
    };
    const touched = (event: MouseEvent) => {
      const isSelecting = getSelection()?.toString() !== '';
      if (!isDragged && !isSelecting && !isOwn(event.target)) tap();
    };
    const click = (event: MouseEvent) => {
      if (event.timeStamp - tappedAt > LONG_MS) touched(event);
      isDragged = false;
    };
    card.addEventListener('pointerdown', down);
    card.addEventListener('pointermove', moved);
    card.addEventListener('pointerup', up);
    card.addEventListener('pointercancel', cancelled);
    card.addEventListener('click', click);
    return () => {
      card.removeEventListener('pointerdown', down);
      card.removeEventListener('pointermove', moved);
      card.removeEventListener('pointerup', up);
      card.removeEventListener('pointercancel', cancelled);
      card.removeEventListener('click', click);
    };
  };
}

/** What has a use of its own: a link, an image that grows, a field. */
function isOwn(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, input, dialog') !== null;
}
