// The knobs in the address of a page, so that a picture can be linked to as it is turned.
import type { Knobs } from '../explanations/drawing';
import { snapped } from '../explanations/knobs';
import type { Knob, Picture } from '../protocol.gen';

/** The knobs that an address names, on values they can rest on; what isn't a number is left alone. */
export function knobsIn(query: URLSearchParams, knobs: Knob[]): Knobs {
  const found: Knobs = {};
  for (const knob of knobs) {
    // The server has read its own parameters, or said what is wrong with them.
    const value = Number.parseFloat(query.get(knob.key) ?? '');
    if (knob.where === 'client' && Number.isFinite(value)) found[knob.key] = snapped(knob, value);
  }
  return found;
}

/** The query that leads back to this picture: what was turned away from where it usually stands. */
export function queryOf(picture: Picture, knobs: Knobs, typed: string | undefined, isLarge: boolean): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(picture.params)) {
    const knob = picture.knobs.find(({ key }) => key === name);
    if (knob?.where !== 'client') query.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const knob of picture.knobs) {
    const value = knobs[knob.key];
    if (knob.where === 'client' && value !== undefined) query.set(knob.key, String(value));
  }
  if (typed !== undefined) query.set('typed', typed);
  if (isLarge) query.set('large', '1');
  return query.toString();
}
