// What an address of ours is to the worker.

/**
 * kept: the same for a visitor until somebody edits it, so shown out of the cache and renewed behind;
 * framed: tells how far the learner is, and old counts would be wrong, so only its frame is kept;
 * file: named by its content, so never asked for twice; and the site's mark, renewed now and then;
 * episode: a recording, which is kept for who asks for it.
 */
export type Sort = 'kept' | 'framed' | 'file' | 'episode' | 'room' | 'log-out' | 'other';

export const ICON = '/static/icon.svg';

const SORTS: [RegExp, Sort][] = [
  [/^\/lessons\/[-\w]+\/((flashcards|podcast)\/)?$/, 'kept'],
  [/^\/lessons\/[-\w]+\/podcast\/[0-9a-f]{32}\.mp3$/, 'episode'],
  [/^\/lessons\/[-\w]+\/(quiz|review)\/$/, 'framed'],
  [/^\/study\/review\/$/, 'framed'],
  [/^\/static\/assets\/[^/]+-[-\w]{8}\.\w+$/, 'file'],
  [/^\/media\/[0-9a-f]{32}\.webp$/, 'file'],
  [/^\/static\/icon\.svg$/, 'file'],
  [/^\/\d{6}\/?$/, 'room'],
  [/^\/(accounts\/log-out|admin\/logout)\/$/, 'log-out'],
];

export function sortOf(url: URL): Sort {
  const found = SORTS.find(([pattern]) => pattern.test(url.pathname));
  if (!found) return 'other';
  const [, sort] = found;
  // What is asked for with more than an address, nobody said anything about; a room is one however it is asked for.
  return url.search === '' || sort === 'room' ? sort : 'other';
}

/** The page of a recording. */
export function pageOf(episode: string): string {
  return new URL('.', episode).pathname;
}

/** The page to read of the lesson that a page is about. */
export function lessonAbove(path: string): string | undefined {
  return /^\/lessons\/[-\w]+\//.exec(path)?.[0];
}
