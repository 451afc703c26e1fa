import type { Scale } from '../protocol.gen';

/** What a thumb can aim at: whole numbers where the scale is whole, else about 200 places. */
export function stepOf({ low, high }: Scale): number {
  const span = high - low;
  const fine = 10 ** Math.floor(Math.log10(span / 50));
  return Number.isInteger(low) && Number.isInteger(high) && span >= 10 ? Math.max(1, fine) : fine;
}
