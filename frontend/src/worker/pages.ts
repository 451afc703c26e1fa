// Pages as text: which may be kept and what of them, which are the same, and the frame of one.

import { words } from './words';

/** Whether any later visit of this visitor could get the page too. */
export function isForKeeps(html: string, headers: Headers): boolean {
  const isPage = headers.get('Content-Type')?.startsWith('text/html') ?? false;
  const isKeepable = !/no-store/.test(headers.get('Cache-Control') ?? '');
  // What is said once, after saving for example.
  const isSaidOnce = html.includes('<ul class="messages">');
  return isPage && isKeepable && !isSaidOnce;
}

/** Texts that tell how far the learner is, in an element with `data-personal` as its last attribute. */
const PERSONAL = /(<\w+[^>]* data-personal>)([^<]*)/g;

/** The page as it is for anybody: old figures would be wrong, so there is nothing until new ones come. */
export function impersonal(html: string): string {
  return html.replace(PERSONAL, '$1&nbsp;');
}

export function personalTexts(html: string): string[] {
  return [...html.matchAll(PERSONAL)].map(([, , text]) => text ?? '');
}

/** Whether two pages say the same: the token of each form is another one every time. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((html) => html.replace(/name="csrfmiddlewaretoken" value="\w+"/g, ''));
  return a === b;
}

/** A page's look, header and title without what it says; what follows in the document takes its place. */
export function frameOf(html: string): string {
  const first = (pattern: RegExp) => pattern.exec(html)?.[0] ?? '';
  const look = html.match(/<meta name="(viewport|color-scheme)"[^>]*>|<link [^>]*rel="(stylesheet|icon)"[^>]*>/g) ?? [];
  const title = first(/(?<=<title>)[^<]*/);
  return [
    `<!doctype html>${first(/<html[^>]*>/)}<head><meta charset="utf-8">${look.join('')}<title>${title}</title></head>`,
    `<body><div class="on-its-way">${first(/<header class="site-header">.*?<\/header>/s)}`,
    `<main><h1>${title}</h1><p role="status">${words.onItsWay}</p></main></div>`,
  ].join('');
}

/** In a frame that is on the screen already, a redirect is a page. */
export function goOnTo(url: URL): string {
  const address = (url.pathname + url.search).replaceAll('&', '&amp;');
  return `<meta http-equiv="refresh" content="0;url=${address}">`;
}

/** With the lesson to read instead, if that can be read without the network. */
export function offlineNote(lesson?: string): string {
  const ways = [`<a href="">${words.again}</a>`, ...(lesson ? [`<a href="${lesson}">${words.lesson}</a>`] : [])];
  return `<div class="on-its-way"><main role="alert"><p>${words.offline}</p><p>${ways.join(' ')}</p></main></div>`;
}
