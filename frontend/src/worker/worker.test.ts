import { describe, expect, test } from 'vitest';
import { lessonAbove, sortOf } from './addresses';
import { frameOf, goOnTo, impersonal, isForKeeps, isSame, personalTexts } from './pages';

const sort = (address: string) => sortOf(new URL(address, 'https://quiz.example'));

test.each([
  ['/lessons/angles/', 'kept'],
  ['/lessons/angles/flashcards/', 'kept'],
  ['/lessons/angles/podcast/', 'kept'],
  ['/lessons/angles/podcast/0123456789abcdef0123456789abcdef.mp3', 'episode'],
  ['/lessons/angles/podcast/0123456789abcdef0123456789abcdef.mp3?bytes=9', 'other'],
  ['/lessons/angles/podcast/state/', 'other'],
  ['/lessons/angles/podcast/feed.xml', 'other'],
  ['/accounts/log-out/', 'log-out'],
  ['/lessons/angles/quiz/', 'framed'],
  ['/lessons/angles/review/', 'framed'],
  ['/study/review/', 'framed'],
  ['/static/assets/site-Cbgcwnr-.js', 'file'],
  ['/media/0123456789abcdef0123456789abcdef.webp', 'file'],
  ['/123456', 'room'],
  ['/123456/', 'room'],
  ['/123456/?from=poster', 'room'],
  ['/lessons/', 'other'],
  ['/lessons/angles/?page=2', 'other'],
  ['/lessons/angles/quiz/a1b2c3/', 'other'],
  ['/lessons/angles/open-room/', 'other'],
  ['/lessons/angles/flashcards/known/', 'other'],
  ['/lessons/angles/flashcards.apkg', 'other'],
  ['/study/', 'other'],
  ['/study/review/next/', 'other'],
  ['/static/icon.svg', 'file'],
  ['/static/error.css', 'other'],
  ['/accounts/log-in/', 'other'],
])('%s is %s', (address, expected) => {
  expect(sort(address)).toBe(expected);
});

test('a study page lies below its lesson', () => {
  expect(lessonAbove('/lessons/angles/review/')).toBe('/lessons/angles/');
  expect(lessonAbove('/study/review/')).toBeUndefined();
});

describe('a page is kept', () => {
  const isKept = (headers: Record<string, string> = {}, html = '<p>Angles</p>') =>
    isForKeeps(html, new Headers({ 'Content-Type': 'text/html; charset=utf-8', ...headers }));

  test('as a rule', () => expect(isKept()).toBe(true));
  test('not against its will', () => expect(isKept({ 'Cache-Control': 'private, no-store' })).toBe(false));
  test('not if it is no page', () => expect(isKept({ 'Content-Type': 'text/csv' })).toBe(false));
  test('not with what is said once', () => expect(isKept({}, '<ul class="messages"><li>Saved.</li></ul>')).toBe(false));
});

test('what is personal isn’t kept, and is told apart', () => {
  const html = '<strong>Review</strong> <span class="a" data-personal>12 cards due</span> <i data-personal>3 runs</i>';
  expect(impersonal(html)).toBe(
    '<strong>Review</strong> <span class="a" data-personal>&nbsp;</span> <i data-personal>&nbsp;</i>',
  );
  expect(personalTexts(html)).toEqual(['12 cards due', '3 runs']);
});

test('the tokens of forms make no other page', () => {
  const page = (token: string, words: string) =>
    `<input type="hidden" name="csrfmiddlewaretoken" value="${token}"><p>${words}</p>`;
  expect(isSame(page('a1', 'Angles'), page('b2', 'Angles'))).toBe(true);
  expect(isSame(page('a1', 'Angles'), page('a1', 'Angels'))).toBe(false);
});

describe('a frame', () => {
  const html = `<!doctype html><html lang="en" data-theme="dark"><head><title>Quiz: Angles</title>
    <link href="/static/assets/site-12345678.css" rel="stylesheet" /><script type="application/json">{"due": 12}</script>
    </head><body><header class="site-header"><a href="/">Quizgame</a></header><p>12 due</p></body></html>`;

  test('has the look, the header and the title of its page, and nothing of what it says', () => {
    expect(frameOf(html)).toBe(
      '<!doctype html><html lang="en" data-theme="dark"><head><meta charset="utf-8">' +
        '<link href="/static/assets/site-12345678.css" rel="stylesheet" /><title>Quiz: Angles</title></head>' +
        '<body><div class="on-its-way"><header class="site-header"><a href="/">Quizgame</a></header>' +
        '<main><h1>Quiz: Angles</h1><p role="status">On its way …</p></main></div>',
    );
  });
  test('goes on to another address as it stands', () => {
    expect(goOnTo(new URL('https://quiz.example/accounts/log-in/?next=/study/&a="'))).toBe(
      '<meta http-equiv="refresh" content="0;url=/accounts/log-in/?next=/study/&amp;a=%22">',
    );
  });
});
