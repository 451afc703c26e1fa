import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hostKey } from './keys';

/** An element of which nothing but its selector is known. */
class Place extends EventTarget {
  constructor(readonly selector: string) {
    super();
  }
  closest(selectors: string): Place | null {
    return selectors.split(', ').includes(this.selector) ? this : null;
  }
}

beforeAll(() => void vi.stubGlobal('Element', Place));
afterAll(() => void vi.unstubAllGlobals());

const alone = { defaultPrevented: false, repeat: false, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
const asked = (key: string, place = 'body', held = {}) => hostKey({ ...alone, key, target: new Place(place), ...held });

test('space, arrow and a presenter’s remote move on; P pauses, plus gives more time', () => {
  expect([' ', 'ArrowRight', 'PageDown'].map((key) => asked(key))).toEqual(['next', 'next', 'next']);
  expect([asked('p'), asked('+'), asked('+', 'body', { shiftKey: true })]).toEqual(['pause', 'extend', 'extend']);
  expect(asked('x')).toBeNull();
});

test('no key acts while somebody types, turns a knob or reads a dialog', () => {
  expect(['input', 'textarea', '[role="slider"]', 'dialog'].map((place) => asked('p', place))).toEqual([null, null, null, null]);
  expect(asked('ArrowRight', 'input')).toBeNull();
});

test('space on a button is the button’s, an arrow is not', () => {
  expect([asked(' ', 'button'), asked('ArrowRight', 'button')]).toEqual([null, 'next']);
});

test('a key held down, or held with another, asks nothing', () => {
  expect(asked(' ', 'body', { repeat: true })).toBeNull();
  expect(asked('p', 'body', { ctrlKey: true })).toBeNull();
  expect(asked('P', 'body', { shiftKey: true })).toBeNull();
});
