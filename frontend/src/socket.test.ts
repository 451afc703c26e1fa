import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RoomEvent } from './protocol.gen';
import { backOffMs, type Connection, type Ending, Socket } from './socket';

/** The browser's end of a line whose other end is the test. */
class Line {
  static readonly OPEN = 1;
  static opened: Line[] = [];
  readyState = Line.OPEN;
  sent: string[] = [];
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;

  constructor(
    readonly address: URL,
    readonly protocols: string[],
  ) {
    Line.opened.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
  }

  says(event: RoomEvent): void {
    this.onmessage?.({ data: JSON.stringify(event) });
  }

  breaks(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const pong: RoomEvent = { type: 'ponged' };
const heard: RoomEvent[] = [];
const connections: Connection[] = [];
const endings: Ending[] = [];
let page: EventTarget & { visibilityState: string };
let token: string | null;
let wantsAnotherTry: boolean;
let socket: Socket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1); // the longest pauses
  heard.length = connections.length = endings.length = Line.opened.length = 0;
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const window = new EventTarget();
  vi.stubGlobal('WebSocket', Line);
  vi.stubGlobal('document', page);
  vi.stubGlobal('location', { href: 'https://quiz.school/384019/' });
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
  vi.stubGlobal('dispatchEvent', window.dispatchEvent.bind(window));
  token = null;
  wantsAnotherTry = false;
  socket = new Socket('/ws/play/384019/', () => token, {
    onevent: (event) => heard.push(event),
    onconnection: (connection) => connections.push(connection),
    onending: (ending) => {
      endings.push(ending);
      return wantsAnotherTry;
    },
  });
});

afterEach(() => {
  socket.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function line(): Line {
  const last = Line.opened.at(-1);
  if (last === undefined) throw new Error('Nothing was opened.');
  return last;
}

test('the pause doubles from 0.3 s to 5 s and is spread over its upper half', () => {
  expect([0, 1, 2, 3, 4, 5, 20].map((attempt) => backOffMs(attempt, 1))).toEqual([
    300, 600, 1200, 2400, 4800, 5000, 5000,
  ]);
  expect(backOffMs(0, 0)).toBe(150);
});

test('the seat token travels as a subprotocol, never in the address', () => {
  expect(line().protocols).toEqual(['quizgame']);
  expect(String(line().address)).toBe('wss://quiz.school/ws/play/384019/');

  token = 'seat.token';
  line().breaks(1006);
  vi.advanceTimersByTime(300);
  expect(line().protocols).toEqual(['quizgame', 'seat.token']);
  expect(String(line().address)).toBe('wss://quiz.school/ws/play/384019/');
});

test('a line that breaks comes back, and is live at the first word', () => {
  line().says(pong);
  line().breaks(1006);
  expect(connections).toEqual(['live', 'lost']);

  vi.advanceTimersByTime(300);
  expect(Line.opened.length).toBe(2);
  line().says(pong);
  expect(connections).toEqual(['live', 'lost', 'live']);
});

test('a crowd at the door is no broken line, and is waited for', () => {
  line().breaks(4429);
  expect(connections).toEqual(['crowded']);

  vi.advanceTimersByTime(300);
  line().says(pong);
  expect(connections).toEqual(['crowded', 'live']);
});

test('a server that takes the line and drops it is tried ever more slowly', () => {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    line().breaks(1011);
    vi.advanceTimersByTime(5_000);
  }
  line().breaks(1011);
  const before = Line.opened.length;
  vi.advanceTimersByTime(2_400);
  expect(Line.opened.length).toBe(before);
  vi.advanceTimersByTime(2_600);
  expect(Line.opened.length).toBe(before + 1);
});

test.each([
  [4400, 'malformed'],
  [4401, 'no_seat'],
  [4403, 'kicked'],
  [4404, 'no_such_room'],
  [4405, 'taken_over'],
])('close code %i is final: %s', (code, ending) => {
  line().breaks(code);
  vi.advanceTimersByTime(60_000);

  expect(endings).toEqual([ending]);
  expect(connections).toEqual(['refused']);
  expect(Line.opened.length).toBe(1);
});

test.each([1001, 1006, 1011, 4408, 4429, 4500, 4503])('close code %i is not final', (code) => {
  line().breaks(code);
  vi.advanceTimersByTime(300);

  expect(endings).toEqual([]);
  expect(Line.opened.length).toBe(2);
});

test('a final close may ask for one more try at once', () => {
  wantsAnotherTry = true;
  line().breaks(4401);

  expect(Line.opened.length).toBe(2);
  expect(connections).toEqual([]);
});

test('once the host lets somebody in, the door is knocked at again at once', () => {
  token = 'waiting';
  line().says({ type: 'seat_awaited', seat: { player: 'p1', nickname: 'Ada', team: null, members: [] }, token });
  line().breaks(4410);

  expect(Line.opened.length).toBe(2);
  expect(line().protocols).toEqual(['quizgame', 'waiting']);
  expect(connections).toEqual(['live']);
  line().says(pong);
  expect(connections).toEqual(['live', 'live']);
});

test('silence after a ping counts as a broken line', () => {
  line().says(pong);
  vi.advanceTimersByTime(25_000);
  expect(line().sent).toEqual(['{"type":"ping"}']);
  vi.advanceTimersByTime(8_000 + 300);

  expect(connections).toEqual(['live', 'lost']);
  expect(Line.opened.length).toBe(2);
});

test('a line that answers its pings stays', () => {
  line().says(pong);
  for (let ping = 0; ping < 5; ping += 1) {
    vi.advanceTimersByTime(7_900);
    line().says(pong);
  }

  expect(connections).toEqual(['live']);
  expect(Line.opened.length).toBe(1);
});

test('a hidden page waits; shown again it comes back at once', () => {
  page.visibilityState = 'hidden';
  line().breaks(1006);
  vi.advanceTimersByTime(60_000);
  expect(Line.opened.length).toBe(1);

  page.visibilityState = 'visible';
  page.dispatchEvent(new Event('visibilitychange'));
  expect(Line.opened.length).toBe(2);
});

test('a network that returns is used at once', () => {
  line().breaks(1006);
  dispatchEvent(new Event('online'));

  expect(Line.opened.length).toBe(2);
});

test('a command on a broken line isn’t pretended to be sent', () => {
  expect(socket.send({ type: 'ping' })).toBe(true);
  line().breaks(1006);

  expect(socket.send({ type: 'ping' })).toBe(false);
});
