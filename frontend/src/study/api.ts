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
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': csrfToken() };
  return ask<T>(address, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ask<T>(address: string, options: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Failed('', 0);
  }
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json') ?? false;
  const told: unknown = isJson ? await response.json().catch(() => null) : null;
  if (!response.ok) throw new Failed(problemIn(told), response.status);
  return told as T;
}

function problemIn(told: unknown): string {
  const isTold = typeof told === 'object' && told !== null && 'problem' in told;
  return isTold && typeof told.problem === 'string' ? told.problem : '';
}

/** A cookie, so that a page out of a cache works too. */
export function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}
