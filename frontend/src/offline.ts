// The page's side of the service worker (`worker/`): registers it once the page is there, tells it what
// is on the screen, and says when the server has a newer page than the one that came out of the cache.

import './offline.css';
import type { FromWorker, ToWorker } from './worker/messages';

const words = {
  newer: 'There is a newer version of this page.',
  show: 'Show it',
  later: 'Later',
};

// The frame in which this page came, for browsers that can't hide it by style.
for (const frame of document.querySelectorAll('.on-its-way:not(:last-child)')) frame.remove();

if ('serviceWorker' in navigator) {
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    switch (data.type) {
      case 'newer':
        return offerNewer();
      case 'gone':
        return location.reload();
      case 'personal':
        for (const [i, part] of [...document.querySelectorAll('[data-personal]')].entries()) {
          part.innerHTML = data.texts[i] ?? '';
        }
        return;
      case 'episode':
        return; // its own page hears of it
      default:
        data satisfies never;
    }
  });
  if (document.readyState === 'complete') void begin();
  else addEventListener('load', () => void begin());
}

/** After everything that the visitor waits for. */
async function begin(): Promise<void> {
  try {
    await navigator.serviceWorker.register('/worker.js');
  } catch {
    return; // there is none, as while developing
  }
  const { active } = await navigator.serviceWorker.ready;
  const tell = (message: ToWorker) => active?.postMessage(message);
  const tellShown = () => tell({ type: 'shown', page: location.pathname + location.search, files: files() });
  tellShown();
  new MutationObserver(() => {
    tell({ type: 'forget' });
    tellShown();
  }).observe(document.documentElement, { attributeFilter: ['data-theme'] });
}

function files(): string[] {
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  return [...loaded, ...[...document.images].map(({ src }) => src)];
}

function offerNewer(): void {
  const bar = document.createElement('div');
  bar.className = 'newer-page';
  bar.setAttribute('role', 'status');
  document.body.append(bar);
  const show = button(words.show, () => location.reload());
  const later = button(words.later, () => bar.remove());
  // In a moment of its own: what a status holds from the start isn't read out.
  setTimeout(() => bar.append(words.newer, ' ', show, later));
}

function button(label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', act);
  return made;
}

// A page out of the cache has the token of another day in its forms.
document.addEventListener('submit', ({ target }) => {
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  const field = target instanceof HTMLFormElement ? target.elements.namedItem('csrfmiddlewaretoken') : null;
  if (token && field instanceof HTMLInputElement) field.value = token;
});
