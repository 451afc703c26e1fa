// Which cards come, in which order, and which side asks.
import { chances } from '../../player/shuffled';
import type { CardView, FaceView } from '../messages.gen';

export type Direction = 'forward' | 'backward' | 'mixed';

/** One face of a card, as it waits for its turn. */
export interface Asked {
  card: CardView;
  face: FaceView;
}

/** The faces to ask; a cloze text, which has no two directions, asks each of its own. */
export function askedFaces(cards: readonly CardView[], direction: Direction, seed: number): Asked[] {
  return cards.flatMap((card) => {
    const sides = card.faces.filter(({ key }) => key === 'forward' || key === 'backward');
    if (sides.length === 0) return card.faces.map((face) => ({ card, face }));
    const isBackward = direction === 'mixed' ? chances(seed ^ card.id)() < 0.5 : direction === 'backward';
    return sides.filter(({ key }) => (key === 'backward') === isBackward).map((face) => ({ card, face }));
  });
}

/** The same seed gives the same order. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const mixed = [...list];
  const next = chances(seed);
  for (let i = mixed.length - 1; i > 0; i -= 1) {
    const j = Math.floor(next() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T]; // both are within the list
  }
  return mixed;
}
