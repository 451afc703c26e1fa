// How a study page's script speaks to the server: JSON both ways.

/** The server said no, in words for the learner; or it can't be reached. */
export class Failed extends Error {
  constructor(
    message: string,
    /** HTTP's; 0 where nobody answered. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** What the page's template left in `<script type="application/json" id="...">`. */
export function given<T>(id: string): T {
  const text = document.getElementById(id)?.textContent ?? 'null';
  return JSON.parse(text) as T; // the one place where JSON becomes a type; the server's tests hold it to that
}

export async function get<T>(address: string): Promise<T> {
  return ask<T>(address, { headers: { Accept: 'application/json' } });
}

export async function post<T>(address: string, body: unknown): Promise<T> {
  return ask<T>(address, posting(body));
}

/** What the server replies line by line, each a JSON object, as it comes. Throws what cut it off. */
export async function* posted<T>(address: string, body: unknown, signal: AbortSignal): AsyncGenerator<T> {
  const response = await answered(address, { ...posting(body), signal });
  if (!response.ok) throw new Failed(problemIn(await jsonOf(response)), response.status);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) return;
    const lines = (rest + piece.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as T; // as in `given`
  }
}

function posting(body: unknown): RequestInit {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': csrfToken() };
  return { method: 'POST', headers, body: JSON.stringify(body) };
}

async function ask<T>(address: string, options: RequestInit): Promise<T> {
  const response = await answered(address, options);
  const told = await jsonOf(response);
  if (!response.ok) throw new Failed(problemIn(told), response.status);
  return told as T;
}

async function answered(address: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, options);
  } catch {
    throw new Failed('', 0);
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json') ?? false;
  return isJson ? response.json().catch(() => null) : null;
}

function problemIn(told: unknown): string {
  const isTold = typeof told === 'object' && told !== null && 'problem' in told;
  return isTold && typeof told.problem === 'string' ? told.problem : '';
}

/** A cookie, so that a page out of a cache works too. */
export function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}
