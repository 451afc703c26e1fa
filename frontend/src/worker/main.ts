// The service worker: study pages at once on a slow network, and to read without one.
//
// Lesson pages and decks come out of the cache and are renewed behind. The quiz' first page and spaced
// repetition tell how far one is, and a card that was rated since would be wrong; of them only the frame is
// kept, which shows while the server answers. Files named by their content are never asked for twice.
// Everything else is the network's.
//
// A recording is kept when its page asks for it, and until somebody logs out.
//
// Pages are one visitor's, so every form that is sent drops them all; and so does the page of a live
// room, whose lesson nobody should have at hand.

import { ICON, lessonAbove, pageOf, sortOf } from './addresses';
import { isOutdated, partOf } from './episodes';
import type { OfEpisode, OfPage, ToWorker } from './messages';
import { frameOf, goOnTo, impersonal, isForKeeps, isSame, offlineNote, personalTexts } from './pages';
import {
  dropAll,
  dropEpisode,
  dropEpisodes,
  dropOtherVersions,
  dropPage,
  dropPages,
  keepEpisode,
  keepFile,
  keepPage,
  keptEpisode,
  keptEpisodes,
  keptFile,
  keptPage,
  trim,
} from './store';

declare const self: ServiceWorkerGlobalScope;

/** By the client it became: what the server said of a page since it was shown out of the cache. */
const news = new Map<string, Promise<OfPage[]>>();

let forgetting = Promise.resolve();
/** How often everything was forgotten: a page that was asked for before then isn't kept. */
let forgotten = 0;
/** Since a form was sent or a room came up; only the next page shows that the server knows of it. */
let isUnsettled = false;
let settled: Promise<void> | undefined;

self.addEventListener('install', () => void self.skipWaiting());

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([dropOtherVersions(), self.clients.claim()]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') return goTo(url, event);
  if (request.method !== 'GET') return;
  if (sortOf(url) === 'file') answer(event, file(event));
  if (sortOf(url) === 'episode') answer(event, episode(event));
});

self.addEventListener('message', (event) => {
  const told = event.data as ToWorker; // our own pages alone can send one
  switch (told.type) {
    case 'shown':
      if (event.source instanceof Client) event.waitUntil(shown(event.source, told.page, told.files));
      return;
    case 'forget':
      return event.waitUntil(forget());
    case 'is_kept':
      return event.waitUntil(tellKept(event.source, told.audio, 'no'));
    case 'keep_episode':
      return event.waitUntil(keepForOffline(told.audio, told.page).then(() => tellKept(event.source, told.audio, 'failed')));
    case 'drop_episode':
      return event.waitUntil(dropEpisode(told.audio).then(() => tellKept(event.source, told.audio, 'no')));
    default:
      told satisfies never;
  }
});

function goTo(url: URL, event: FetchEvent): void {
  const sort = sortOf(url);
  event.waitUntil((settled ??= settle()));
  const isChange = event.request.method !== 'GET' || sort === 'room';
  if (isChange || isUnsettled) event.waitUntil(forget());
  if (isChange && sort === 'log-out') event.waitUntil(dropEpisodes());
  isUnsettled = isChange;
  if (isChange) return;
  if (sort === 'kept') answer(event, keptOrNew(url.pathname, event));
  if (sort === 'framed') answer(event, framed(url.pathname, event));
}

/** Where the browser's storage fails, the network is still there. */
function answer(event: FetchEvent, response: Promise<Response>): void {
  event.respondWith(response.catch(() => fetch(event.request)));
}

/** The page out of the cache, while the server is asked behind; else from the server. */
async function keptOrNew(path: string, event: FetchEvent): Promise<Response> {
  await forgetting;
  const kept = await keptPage(path);
  if (!kept) return fresh(path, event);
  const renewed = renew(path);
  news.set(event.resultingClientId, renewed);
  event.waitUntil(renewed);
  return kept;
}

async function fresh(path: string, event: FetchEvent): Promise<Response> {
  const since = forgotten;
  news.set(event.resultingClientId, Promise.resolve([]));
  const response = await fetch(event.request);
  event.waitUntil(keep(path, response.clone(), since));
  return response;
}

/** The frame at once, and in it what the server says; without a frame just that. */
async function framed(path: string, event: FetchEvent): Promise<Response> {
  await forgetting;
  const frame = await keptPage(path);
  if (!frame) return fresh(path, event);
  const since = forgotten;
  news.set(event.resultingClientId, Promise.resolve([]));
  const parts = new TransformStream<Uint8Array, Uint8Array>();
  const writer = parts.writable.getWriter();
  event.waitUntil(fill(writer, await frame.text(), filling(path, event, since)));
  return new Response(parts.readable, { headers: frame.headers });
}

async function fill(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  frame: string,
  filling: Promise<string>,
): Promise<void> {
  const text = new TextEncoder();
  try {
    await writer.write(text.encode(frame));
    await writer.write(text.encode(await filling));
    await writer.close();
  } catch {
    // The visitor has gone elsewhere meanwhile.
  }
}

async function filling(path: string, event: FetchEvent, since: number): Promise<string> {
  try {
    const response = await fetch(path, { headers: { Accept: 'text/html' } });
    if (response.redirected) return goOnTo(new URL(response.url));
    event.waitUntil(keep(path, response.clone(), since));
    return await response.text();
  } catch {
    const lesson = lessonAbove(path);
    return offlineNote(lesson && (await keptPage(lesson)) ? lesson : undefined);
  }
}

/** Keep what the server said of this page, unless all was forgotten `since`; what is new in it. */
async function keep(path: string, response: Response, since: number): Promise<OfPage[]> {
  if (response.status >= 500) return []; // in trouble for now
  const html = response.ok && !response.redirected ? await response.text() : undefined;
  for (const url of await keptEpisodes()) {
    if (isOutdated(new URL(url).pathname, path, response.status, html)) await dropEpisode(url);
  }
  const isFramed = sortOf(new URL(path, self.location.origin)) === 'framed';
  const toKeep = html && keepable(html, response.headers, isFramed);
  await forgetting;
  const before = await (await keptPage(path))?.text();
  if (since !== forgotten) return [];
  if (!html || !toKeep) {
    await dropPage(path);
    return before === undefined ? [] : [{ type: 'gone' }];
  }
  await keepPage(path, toKeep, response.headers);
  if (before === undefined || isFramed) return [];
  const told: OfPage = { type: 'personal', texts: personalTexts(html) };
  return isSame(before, toKeep) ? [told] : [told, { type: 'newer' }];
}

function keepable(html: string, headers: Headers, isFramed: boolean): string | undefined {
  if (isFramed) return frameOf(html);
  return isForKeeps(html, headers) ? impersonal(html) : undefined;
}

async function renew(path: string): Promise<OfPage[]> {
  const since = forgotten;
  try {
    // What a redirect leads to is another page.
    return await keep(path, await fetch(path, { redirect: 'manual', headers: { Accept: 'text/html' } }), since);
  } catch {
    return []; // offline
  }
}

async function file(event: FetchEvent): Promise<Response> {
  const kept = await keptFile(event.request.url);
  if (kept) return kept;
  const response = await fetch(event.request);
  event.waitUntil(keepFile(event.request.url, response.clone()));
  return response;
}

/** As much as was asked for of a recording that is kept; else the network's. */
async function episode(event: FetchEvent): Promise<Response> {
  const kept = await keptEpisode(event.request.url);
  return kept ? partOf(await kept.blob(), event.request.headers.get('Range')) : fetch(event.request);
}

async function keepForOffline(audio: string, page: string): Promise<void> {
  const since = forgotten;
  try {
    const response = await fetch(audio);
    if (sortOf(new URL(audio, self.location.origin)) !== 'episode' || since !== forgotten) return;
    await keepEpisode(audio, response);
    if (!(await keptPage(page))) await renew(page);
    await trim();
  } catch {
    // The network broke off: `tellKept` says that it isn't kept.
  }
}

/** What is kept is `kept`, else it is what is given. */
async function tellKept(to: ExtendableMessageEvent['source'], audio: string, otherwise: OfEpisode['is']): Promise<void> {
  const told: OfEpisode = { type: 'episode', audio, is: (await keptEpisode(audio)) ? 'kept' : otherwise };
  to?.postMessage(told);
}

/** Tell a page what became of it since it was kept; keep what it is drawn with. */
async function shown(client: Client, page: string, files: string[]): Promise<void> {
  const sort = sortOf(new URL(page, self.location.origin));
  if (sort === 'kept' || sort === 'framed') {
    // On the first visit the page came before its worker.
    for (const told of await (news.get(client.id) ?? renew(page))) client.postMessage(told);
    news.delete(client.id);
  }
  for (const address of files) {
    if (sortOf(new URL(address)) !== 'file' || (await keptFile(address))) continue;
    const response = await fetch(address).catch(() => undefined);
    if (response) await keepFile(address, response);
  }
  // Their pages go with every form that is sent, but a recording without its page is out of reach.
  for (const url of await keptEpisodes()) if (!(await keptPage(pageOf(url)))) await renew(pageOf(url));
  await trim();
}

function forget(): Promise<void> {
  forgotten += 1;
  forgetting = forgetting.then(dropPages);
  return forgetting;
}

/** Each time the browser starts it: a worker outlives its site, or another site comes to the same address. */
async function settle(): Promise<void> {
  const response = await fetch(self.location.href, { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  if (response?.status === 404) {
    await dropAll();
    await self.registration.unregister();
  } else if (response?.ok) {
    await keepFile(ICON, await fetch(ICON));
  }
}
