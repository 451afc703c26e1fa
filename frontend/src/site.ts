// What every site page loads: the look, the switch between light and dark, formulas where there
// are, and what few pages need.

import './base.css';
import './site.css';
import './host/pages.css';
import './hosting.css';
import './accounts.css';
import './offline';
import { watch } from './open-room';
import { typeset } from './shared/math';

void typeset(document);

const page = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-switch-theme]')) {
  const show = () => {
    button.hidden = false;
    button.textContent = (isDark() ? button.dataset.toLight : button.dataset.toDark) ?? '';
  };
  button.addEventListener('click', () => {
    page.dataset.theme = isDark() ? 'light' : 'dark';
    // A cookie, so that the server renders the next page in it at once.
    document.cookie = `theme=${page.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    show();
  });
  dark.addEventListener('change', show);
  show();
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-settings]')) watch(form);

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}

function isDark(): boolean {
  return page.dataset.theme === undefined ? dark.matches : page.dataset.theme === 'dark';
}

// A long list of answers opens and closes at once.
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-open-all]')) {
  const answers = [...(button.closest('section')?.querySelectorAll('details') ?? [])];
  const show = () => {
    button.hidden = false;
    button.textContent = (answers.every(({ open }) => open) ? button.dataset.close : button.dataset.open) ?? '';
  };
  button.addEventListener('click', () => {
    const open = !answers.every((answer) => answer.open);
    for (const answer of answers) answer.open = open;
  });
  for (const answer of answers) answer.addEventListener('toggle', show);
  show();
}

// What waits for the server on this device is of whoever logs out, and of nobody after that.
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-log-out]')) {
  form.addEventListener('submit', () => {
    for (const name of Object.keys(localStorage)) if (name.startsWith('study:')) localStorage.removeItem(name);
  });
}
