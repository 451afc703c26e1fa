// What pages and the worker tell each other.

export type ToWorker =
  /** A page is on the screen, drawn with these files and images. */
  | { type: 'shown'; page: string; files: string[] }
  /** What pages look like has changed: none that is kept is right any more. */
  | { type: 'forget' }
  /** Is that recording kept? */
  | { type: 'is_kept'; audio: string }
  /** Keep it with its page, to be heard without a network. */
  | { type: 'keep_episode'; audio: string; page: string }
  | { type: 'drop_episode'; audio: string };

export type FromWorker = OfPage | OfEpisode;

/** Of a page that was shown out of the cache. */
export type OfPage =
  /** The server has another one by now. */
  | { type: 'newer' }
  /** There is none any more: locked, deleted, or no longer this visitor's. */
  | { type: 'gone' }
  /** How far the learner is, for the elements with `data-personal`. */
  | { type: 'personal'; texts: string[] };

/** Whether a recording is kept by now. */
export interface OfEpisode {
  type: 'episode';
  audio: string;
  is: 'kept' | 'no' | 'failed';
}
