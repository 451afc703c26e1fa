// What pages and the worker tell each other.

export type ToWorker =
  /** A page is on the screen, drawn with these files and images. */
  | { type: 'shown'; page: string; files: string[] }
  /** What pages look like has changed: none that is kept is right any more. */
  | { type: 'forget' };

/** Of the page that was shown out of the cache: the server has another one, or none any more. */
export type FromWorker = { type: 'newer' } | { type: 'gone' };
