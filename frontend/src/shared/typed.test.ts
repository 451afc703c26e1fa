import { expect, test } from 'vitest';
import cases from './typed.cases.json';
import { compared, folded } from './typed';

test.each(cases.texts.map((text, i) => [text, cases.folded[i]]))('%s is compared as %s', (text, plain) => {
  expect(folded(text ?? '')).toBe(plain);
});

test.each(['strict', 'forgiving'] as const)('the browser finds right what the server does, %s', (kind) => {
  const found = cases.texts.map((accepted) =>
    cases.texts
      .map((given) => (folded(accepted) !== '' && compared(given, [accepted], kind === 'forgiving').isRight ? '1' : '0'))
      .join(''),
  );

  expect(found).toEqual(cases[kind]);
});

test('of several answers the nearest is compared', () => {
  expect(compared('sparce', ['dense', 'sparse'], false).nearest).toBe('sparse');
});

test.each([
  ['superpostion', 'superposition', ['=superpos', '+i', '=tion']],
  ['supperposition', 'superposition', ['=sup', '-p', '=erposition']],
  ['relu', 'ReLU', ['=ReLU']],
  ['', 'query', ['+query']],
  ['key', '', ['-key']],
  ['cat', 'cut', ['=c', '-a', '+u', '=t']],
])('“%s” for “%s” differs in %j', (given, right, shown) => {
  const signs = { same: '=', missing: '+', extra: '-' };
  expect(compared(given, [right], false).parts.map(({ kind, text }) => signs[kind] + text)).toEqual(shown);
});
