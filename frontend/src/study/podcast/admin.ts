// The script's page in the admin: turns that move, come and go, and how far what is under way is.

import './admin.css';

import { get } from '../api';

interface Progress {
  sentence: string;
  done: number;
  of: number;
  is_problem: boolean;
}

const ASK_MS = 2000;

const told = document.querySelector<HTMLElement>('[data-progress]');
if (told?.dataset.underWay) void watch(told, told.dataset.progress ?? '', told.dataset.underWay);

const form = document.querySelector<HTMLFormElement>('[data-script]');
if (form) edit(form);

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-replaces]')) {
  button.addEventListener('click', (event) => {
    if (!confirm(button.dataset.replaces)) event.preventDefault();
  });
}

async function watch(told: HTMLElement, address: string, what: string): Promise<void> {
  const bar = document.querySelector('progress');
  for (;;) {
    await new Promise((later) => setTimeout(later, ASK_MS));
    let progress: Progress;
    try {
      progress = await get<Progress>(address);
    } catch {
      continue; // the server is away for a moment
    }
    if (told.textContent !== progress.sentence) told.textContent = progress.sentence;
    told.classList.toggle('problem', progress.is_problem);
    if (progress.of > 0) {
      if (bar) [bar.max, bar.value, bar.ariaLabel] = [progress.of, progress.done, progress.sentence];
      continue;
    }
    bar?.remove();
    // A script that is there is to be read; edits of one would be lost with the page.
    if (what === 'script' || !form?.classList.contains('changed')) location.reload();
    return;
  }
}

function edit(form: HTMLFormElement): void {
  const unsaved = form.querySelector<HTMLElement>('[data-unsaved]');
  const changed = () => {
    form.classList.add('changed');
    if (unsaved) unsaved.textContent = unsaved.dataset.unsaved ?? '';
  };
  for (const hidden of form.querySelectorAll<HTMLElement>('.tools, [data-do=append]')) hidden.hidden = false;
  form.addEventListener('input', changed);
  form.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-do]') : null;
    if (!button) return;
    act(button);
    changed();
  });
  form.addEventListener('submit', () => {
    form.classList.remove('changed');
    for (const chapter of form.querySelectorAll<HTMLElement>('[data-chapter]')) {
      for (const field of chapter.querySelectorAll<HTMLInputElement>('[name=chapter]')) {
        field.value = chapter.dataset.chapter ?? '';
      }
    }
  });
  addEventListener('beforeunload', (event) => {
    if (form.classList.contains('changed')) event.preventDefault();
  });
}

function act(button: HTMLElement): void {
  const turn = button.closest<HTMLElement>('.turn');
  const list = button.closest('[data-chapter]')?.querySelector('ol');
  const chapters = [...document.querySelectorAll('[data-chapter] > ol')];
  const beside = (step: number) => chapters[chapters.indexOf(list ?? document.body) + step];
  switch (button.dataset.do) {
    case 'up':
      if (turn?.previousElementSibling) turn.previousElementSibling.before(turn);
      else if (turn) beside(-1)?.append(turn);
      return button.focus();
    case 'down':
      if (turn?.nextElementSibling) turn.nextElementSibling.after(turn);
      else if (turn) beside(1)?.prepend(turn);
      return button.focus();
    case 'add':
      return add((made) => turn?.after(made), turn);
    case 'append':
      return add((made) => list?.append(made), list?.lastElementChild);
    case 'delete': {
      const next = turn?.nextElementSibling ?? turn?.previousElementSibling;
      turn?.remove();
      return next?.querySelector<HTMLElement>('[data-do=delete]')?.focus();
    }
  }
}

/** An empty turn, of the one who doesn't speak before it. */
function add(put: (made: HTMLElement) => void, before: Element | null | undefined): void {
  const made = document.querySelector<HTMLTemplateElement>('#new-turn')?.content.firstElementChild?.cloneNode(true);
  if (!(made instanceof HTMLElement)) return;
  const speaker = made.querySelector('select');
  if (speaker) speaker.value = before?.querySelector('select')?.value === 'a' ? 'b' : 'a';
  for (const hidden of made.querySelectorAll<HTMLElement>('.tools')) hidden.hidden = false;
  put(made);
  made.querySelector('textarea')?.focus();
}
