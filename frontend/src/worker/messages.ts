// What pages and the worker tell each other.

export type ToWorker =
  /** A page is on the screen, drawn with these files and images. */
  | { type: 'shown'; page: string; files: string[] }
  /** What pages look like has changed: none that is kept is right any more. */
  | { type: 'forget' };

/** Of a page that was shown out of the cache. */
export type FromWorker =
  /** The server has another one by now. */
  | { type: 'newer' }
  /** There is none any more: locked, deleted, or no longer this visitor's. */
  | { type: 'gone' }
  /** How far the learner is, for the elements with `data-personal`. */
  | { type: 'personal'; texts: string[] };
