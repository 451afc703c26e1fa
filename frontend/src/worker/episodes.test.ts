import { expect, test } from 'vitest';
import { pageOf } from './addresses';
import { isOutdated, partOf } from './episodes';

const whole = new Blob(['0123456789']);

test.each([
  [null, 200, null, '0123456789'],
  ['bytes=0-', 206, 'bytes 0-9/10', '0123456789'],
  ['bytes=2-4', 206, 'bytes 2-4/10', '234'],
  ['bytes=8-99', 206, 'bytes 8-9/10', '89'],
  ['bytes=10-', 416, 'bytes */10', ''],
  ['bytes=0-1,3-4', 200, null, '0123456789'],
])('%s of a recording', async (range, status, told, text) => {
  const response = partOf(whole, range);
  expect([response.status, response.headers.get('Content-Range'), await response.text()]).toEqual([status, told, text]);
});

test('a recording goes with its page, and when its page names another', () => {
  const [episode, page] = ['/lessons/angles/podcast/a.mp3', '/lessons/angles/podcast/'];
  const outdated = (path: string, status: number, html?: string) => isOutdated(episode, path, status, html);
  expect(outdated(page, 404)).toBe(true);
  expect(outdated('/lessons/angles/', 404)).toBe(true);
  expect(outdated(page, 200, '<audio src="/lessons/angles/podcast/b.mp3">')).toBe(true);
  expect(outdated(page, 200, `<audio src="${episode}">`)).toBe(false);
  expect(outdated('/lessons/angles/', 200, '<p>Angles</p>')).toBe(false);
  expect(outdated('/lessons/other/', 404)).toBe(false);
  expect(outdated(page, 403)).toBe(false); // a room plays the lesson just now
});

test('a recording lies below its page', () => {
  expect(pageOf('https://quiz.example/lessons/angles/podcast/a.mp3')).toBe('/lessons/angles/podcast/');
});
