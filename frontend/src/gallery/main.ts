// The gallery's pages: small pictures in the list, one to explore on a page of its own.

import './gallery.css';
import { mount } from 'svelte';
import type { Picture } from '../protocol.gen';
import { loadFormulas } from '../shared/math';
import Explored from './Explored.svelte';
import Thumbnail from './Thumbnail.svelte';

for (const place of document.querySelectorAll<HTMLElement>('[data-explored]')) {
  const json = place.querySelector('script[type="application/json"]')?.textContent;
  if (!json) continue;
  // What the page says without this script; the picture has its own words.
  place.replaceChildren();
  mount(Explored, { target: place, props: { picture: pictureOf(json) } });
}

// Sixteen pictures are some hundred kilobytes: each is loaded when it comes near the screen.
const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue;
      seen.unobserve(target);
      mount(Thumbnail, { target, props: { id: target.dataset.thumbnail ?? '' } });
    }
  },
  { rootMargin: '300px' },
);
for (const place of document.querySelectorAll('[data-thumbnail]')) seen.observe(place);

const formulas = document.querySelectorAll<HTMLElement>('[data-formula]');
if (formulas.length > 0) {
  const write = await loadFormulas();
  for (const place of formulas) {
    write(place.textContent?.trim() ?? '', place, { displayMode: true, throwOnError: false });
  }
}

function pictureOf(json: string): Picture {
  return JSON.parse(json);
}
