import { afterEach, expect, test, vi } from 'vitest';
import { Failed, posted } from './api';

afterEach(() => vi.unstubAllGlobals());

/** The network: a response whose body arrives in these pieces, then ends or breaks. */
function replies(pieces: Uint8Array[], { breaks = false, status = 200, type = 'application/x-ndjson' } = {}): void {
  const body = new ReadableStream<Uint8Array>({
    pull(stream) {
      const piece = pieces.shift();
      if (piece) stream.enqueue(piece);
      else if (breaks) stream.error(new TypeError('network error'));
      else stream.close();
    },
  });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status, headers: { 'Content-Type': type } })));
  vi.stubGlobal('document', { cookie: '' });
}

async function heard(): Promise<unknown[]> {
  const lines = [];
  for await (const line of posted('/', {}, new AbortController().signal)) lines.push(line);
  return lines;
}

test('lines are whole wherever the network cuts them, amid a letter too', async () => {
  const bytes = new TextEncoder().encode('{"said":"ä"}\n{"said":"漢"}\n');
  for (let at = 0; at <= bytes.length; at++) {
    replies([bytes.slice(0, at), bytes.slice(at)].filter((piece) => piece.length > 0));
    expect(await heard()).toEqual([{ said: 'ä' }, { said: '漢' }]);
  }
});

test('what breaks off is thrown after what came before', async () => {
  replies([new TextEncoder().encode('{"said":1}\n{"sa')], { breaks: true });
  const lines: unknown[] = [];
  const reading = (async () => {
    for await (const line of posted('/', {}, new AbortController().signal)) lines.push(line);
  })();
  await expect(reading).rejects.toThrow('network error');
  expect(lines).toEqual([{ said: 1 }]);
});

test('a refusal is in the server’s words', async () => {
  replies([new TextEncoder().encode('{"problem":"Write a question first."}')], { status: 400, type: 'application/json' });
  await expect(heard()).rejects.toEqual(new Failed('Write a question first.', 400));
});
