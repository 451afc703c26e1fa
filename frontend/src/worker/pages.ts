// Pages as text: which may be kept, which are the same, and the frame of one.

import { words } from './words';

/** A page that any later visit of this visitor could get too. */
export async function htmlToKeep(response: Response): Promise<string | undefined> {
  const isPage = response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
  const isForKeeps = !/no-store/.test(response.headers.get('Cache-Control') ?? '');
  if (response.status !== 200 || response.redirected || !isPage || !isForKeeps) return undefined;
  const html = await response.text();
  // What is said once, after saving for example.
  return html.includes('<ul class="messages">') ? undefined : html;
}

/** Whether two pages say the same: the token of each form is another one every time. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((html) => html.replace(/name="csrfmiddlewaretoken" value="\w+"/g, ''));
  return a === b;
}

/** A page's look and title without what it says; what follows in the same document takes its place. */
export async function frameToKeep(response: Response): Promise<string | undefined> {
  if (!response.ok || response.redirected) return undefined;
  const html = await response.text();
  const root = /<html[^>]*>/.exec(html)?.[0] ?? '<html lang="en">';
  const look = html.match(
    /<meta name="(viewport|color-scheme)"[^>]*>|<title>[^<]*<\/title>|<link rel="(stylesheet|icon)"[^>]*>/g,
  );
  const head = `<head><meta charset="utf-8">${(look ?? []).join('')}</head>`;
  return `<!doctype html>${root}${head}<body><p class="on-its-way" role="status">${words.onItsWay}</p>`;
}

/** In a frame that is on the screen already, a redirect is a page. */
export function goOnTo(url: URL): string {
  const address = (url.pathname + url.search).replaceAll('&', '&amp;');
  return `<meta http-equiv="refresh" content="0;url=${address}">`;
}

export function offlineNote(): string {
  return `<p class="on-its-way" role="alert">${words.offline} <a href="">${words.again}</a></p>`;
}
