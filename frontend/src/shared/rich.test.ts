import { expect, test } from 'vitest';
import { escaped, htmlOf, plainOf } from './rich';

test('a text has the HTML that the server gave it, and none where it is plain', () => {
  const rich = { 'a *b*': 'a <em>b</em>' };

  expect(htmlOf('a *b*', rich)).toBe('a <em>b</em>');
  expect(htmlOf('a b', rich)).toBe(null);
});

test.each(['toString', 'constructor', '__proto__'])('an option called %s is plain', (text) => {
  expect(htmlOf(text, {})).toBe(null);
});

test('a plain text stays what it is as HTML', () => {
  expect(escaped(`<b a="1">'&'</b>`)).toBe('&#60;b a=&#34;1&#34;&#62;&#39;&#38;&#39;&#60;/b&#62;');
});

test('a text is said by its letters', () => {
  const rich = { '**a** < $x$': '<strong>a</strong> &lt; <span class="math">x</span>' };
  expect(plainOf('**a** < $x$', rich)).toBe('a < x');
  expect(plainOf('a < b', rich)).toBe('a < b');
});
