import type { Phase } from '../protocol.gen';

/** What the server tells the host's page when it loads; the room itself comes by the socket. */
export interface Desk {
  token: string;
  code: string;
  screen_url: string;
  results_url: string;
  /** The phase that follows each round's result. */
  after_result: Phase[];
  join_url: string;
  /** An SVG of the server's own making, as is `remote_qr`. */
  join_qr: string;
  /** Whoever opens it hosts the room. */
  remote_url: string;
  remote_qr: string;
}
