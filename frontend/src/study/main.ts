// The pictures within a lesson's notes: each figure holds its picture as JSON and shows it to turn.

import { mount } from 'svelte';
import Explorable from '../explanations/Explorable.svelte';
import type { Picture } from '../protocol.gen';

for (const figure of document.querySelectorAll<HTMLElement>('[data-explanation]')) {
  const json = figure.querySelector('script[type="application/json"]')?.textContent;
  if (json) {
    // What the page says without this script; the picture has its own words.
    figure.replaceChildren();
    mount(Explorable, { target: figure, props: { picture: pictureOf(json), size: 'page' } });
  }
}

function pictureOf(json: string): Picture {
  return JSON.parse(json);
}
