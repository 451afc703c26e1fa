// The only WebSocket, and the only place that trusts what comes through it to have its type: the
// server sends nothing but the messages of games/protocol.py.

import type { DoorCommand, HostCommand, PlayerCommand, RoomEvent, ScreenCommand } from './protocol.gen';

export type Command = DoorCommand | PlayerCommand | HostCommand | ScreenCommand;
/** Crowded: more knock than the server lets in at a time. */
export type Connection = 'connecting' | 'live' | 'lost' | 'crowded' | 'refused';
export type Ending = 'malformed' | 'no_seat' | 'kicked' | 'no_such_room' | 'taken_over';

export interface Listener {
  onevent(event: RoomEvent): void;
  onconnection(connection: Connection): void;
  /** The server closed the door for good; true asks for one more try. */
  onending(ending: Ending): boolean;
}

/** Keeps one connection alive: comes back after every close that isn't final. */
export class Socket {
  #path: string;
  #token: () => string | null;
  #listener: Listener;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #isOver = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(path: string, token: () => string | null, listener: Listener) {
    this.#path = path;
    this.#token = token;
    this.#listener = listener;
    addEventListener('online', this.#comeBack);
    document.addEventListener('visibilitychange', this.#comeBack);
    this.#connect();
  }

  /** Says whether it went out; what didn't is for the caller to say again after the next welcome. */
  send(command: Command): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(command));
    return true;
  }

  close(): void {
    this.#isOver = true;
    this.#drop();
    removeEventListener('online', this.#comeBack);
    document.removeEventListener('visibilitychange', this.#comeBack);
  }

  #connect(): void {
    clearTimeout(this.#retry);
    const token = this.#token();
    const address = new URL(this.#path, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = new WebSocket(address, token === null ? ['quizgame'] : ['quizgame', token]);
    this.#socket = socket;
    socket.onmessage = (message: MessageEvent<string>) => {
      this.#heard(JSON.parse(message.data) as RoomEvent);
    };
    socket.onclose = (close) => this.#closed(close.code);
  }

  #heard(event: RoomEvent): void {
    // The room's first word, not the open line, ends the waiting: a server that takes the line and
    // drops it at once must not be tried again without a pause.
    if (this.#attempt > 0 || this.#ping === undefined) {
      this.#attempt = 0;
      this.#pingLater();
      this.#listener.onconnection('live');
    }
    clearTimeout(this.#silence);
    this.#silence = undefined;
    this.#listener.onevent(event);
  }

  #closed(code: number): void {
    this.#drop();
    const ending = endingOf(code);
    if (code === LOOK_AGAIN) {
      this.#connect();
    } else if (ending === null) {
      this.#listener.onconnection(code === TOO_FAST ? 'crowded' : 'lost');
      this.#retryLater();
    } else if (this.#listener.onending(ending)) {
      this.#connect();
    } else {
      this.#listener.onconnection('refused');
      this.close();
    }
  }

  #retryLater(): void {
    this.#retry = setTimeout(this.#comeBack, backOffMs(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  /** Try at once, or find out at once whether the line is still good after a sleep. */
  #comeBack = (): void => {
    if (this.#isOver || document.visibilityState === 'hidden') return;
    if (this.#socket === null) this.#connect();
    else if (this.#socket.readyState === WebSocket.OPEN) this.#pingNow();
  };

  #pingLater(): void {
    clearTimeout(this.#ping);
    this.#ping = setTimeout(() => this.#pingNow(), PING_MS + (2 * Math.random() - 1) * PING_JITTER_MS);
  }

  #pingNow(): void {
    this.send({ type: 'ping' });
    this.#pingLater();
    this.#silence ??= setTimeout(() => this.#closed(SILENT), SILENCE_MS);
  }

  #drop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#ping);
    clearTimeout(this.#silence);
    this.#ping = this.#silence = undefined;
    if (this.#socket === null) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }
}

const PING_MS = 20_000;
const PING_JITTER_MS = 5_000;
const SILENCE_MS = 8_000;
const SILENT = 1006;
/** What this seat may see has changed: the host has let us in, or given more time. */
const LOOK_AGAIN = 4410;
const TOO_FAST = 4429;

/** 0.3 s doubling to 5 s; `chance` of 0 to 1 spreads a class that was cut off together. */
export function backOffMs(attempt: number, chance: number): number {
  return Math.min(5_000, 300 * 2 ** attempt) * (0.5 + chance / 2);
}

/** Why the server won't have us back; null when it may. The codes are `CloseCode`'s. */
function endingOf(code: number): Ending | null {
  switch (code) {
    case 4400:
      return 'malformed';
    case 4401:
      return 'no_seat';
    case 4403:
      return 'kicked';
    case 4404:
      return 'no_such_room';
    case 4405:
      return 'taken_over';
    default:
      return null;
  }
}
