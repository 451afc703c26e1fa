import { expect, test } from 'vitest';
import { shortened, smallOf, widthOf, wrapped } from './wrapped';

// Without a page every character counts as 0.55 of the size.
test('lines are no wider than asked, and no word is lost or cut', () => {
  const text = 'a row asks and extraordinarily long names stay whole';
  const lines = wrapped(text, 60, 10);

  expect(lines.join(' ')).toBe(text);
  for (const line of lines) expect(widthOf(line, 10) <= 60 || !line.includes(' ')).toBe(true);
  expect(lines).toContain('extraordinarily');
});

test('what is too long ends with an ellipsis', () => {
  expect(shortened('a pentagon', 56, 10)).toBe('a pentagon');
  expect(shortened('a pentagon', 40, 10)).toBe('a pent…');
});

test('asides are three quarters of the text, but never too small to read', () => {
  expect([40, 16].map(smallOf)).toEqual([30, 13]);
});
