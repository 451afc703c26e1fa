// A teacher goes through drafts without leaving the page. Without this script every button is a form's.

import './authoring.css';

import { typeset } from './shared/math';
import type { Decided, MakingView } from './study/messages.gen';

const SOON_MS = 1_000;
const LATER_MS = 4_000;
const AS_SCRIPT = { 'X-Requested-With': 'fetch' };

void typeset(document);

const page = document.querySelector<HTMLElement>('[data-drafts]');
if (page) {
  if (page.dataset.progress) void follow(page, page.dataset.progress);
  goThrough(page);
}

// A file takes a while to be read; pressing twice would read it, or make its lesson, twice.
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-pressed]')) {
  form.addEventListener('submit', () => {
    const button = form.querySelector('button');
    if (button === null) return;
    button.textContent = form.dataset.pressed ?? '';
    setTimeout(() => (button.disabled = true));
  });
}
// Back from the next page, it can be pressed again.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted && document.querySelector('form[data-pressed]')) location.reload();
});

/** Says how far the drafts are, until they are there. */
async function follow(page: HTMLElement, address: string): Promise<void> {
  const said = page.querySelector('[data-said]');
  for (let asked = 0; ; asked += 1) {
    await new Promise((resolve) => setTimeout(resolve, asked < 15 ? SOON_MS : LATER_MS));
    try {
      const response = await fetch(address, { headers: AS_SCRIPT });
      const told: MakingView = await response.json();
      if (said && said.textContent !== told.said) said.textContent = told.said;
      if (told.is_over && isEditing(page)) continue; // what is typed stays
      if (told.is_over) return location.reload();
    } catch {
      // The server may be back by the next time.
    }
  }
}

function isEditing(page: HTMLElement): boolean {
  return page.querySelector('[data-edit-form]') !== null;
}

function goThrough(page: HTMLElement): void {
  const list = page.querySelector<HTMLElement>('[data-list]');
  const undo = page.querySelector<HTMLElement>('[data-undo]');
  if (list === null || undo === null) return;
  /** The draft that was decided last, and where it stood. */
  let last: { draft: HTMLElement; before: Element | null } | null = null;
  const keys = page.querySelector<HTMLElement>('[data-keys]');
  if (keys) keys.hidden = false;

  page.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !(event instanceof SubmitEvent)) return;
    const draft = form.closest<HTMLElement>('[data-draft]');
    if (draft && form.matches('[data-decide], [data-edit-form]')) {
      event.preventDefault();
      void decide(draft, form, event.submitter);
    } else if (form.closest('[data-undo]') && last) {
      event.preventDefault();
      void takeBack(form, event.submitter);
    }
  });
  page.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest('a') : null;
    const draft = target?.closest<HTMLElement>('[data-draft]');
    if (!target || !draft || event.ctrlKey || event.metaKey) return;
    if (target.matches('[data-edit]')) {
      event.preventDefault();
      void edit(draft);
    } else if (target.matches('[data-cancel]')) {
      event.preventDefault();
      closeEditor(draft);
      draft.focus();
    }
  });
  addEventListener('keydown', (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === 'Escape' && target.closest('[data-edit-form]')) {
      target.closest('[data-draft]')?.querySelector<HTMLElement>('[data-cancel]')?.click();
      return;
    }
    if (target.closest('input, select, textarea, [contenteditable]')) return;
    const act = { a: press('accept'), r: press('reject'), e: startEditing, u: pressUndo, j: step(1), k: step(-1) }[
      event.key.toLowerCase()
    ];
    if (act === undefined) return;
    event.preventDefault();
    act(current());
  });

  function drafts(): HTMLElement[] {
    return [...(list?.querySelectorAll<HTMLElement>('[data-draft]') ?? [])];
  }

  /** Where the focus is, else the first one. */
  function current(): HTMLElement | undefined {
    return document.activeElement?.closest<HTMLElement>('[data-draft]') ?? drafts()[0];
  }

  function press(what: 'accept' | 'reject') {
    return (draft: HTMLElement | undefined): void =>
      draft?.querySelector<HTMLButtonElement>(`[data-decide] button[value='${what}']`)?.click();
  }

  function startEditing(draft: HTMLElement | undefined): void {
    draft?.querySelector<HTMLElement>('[data-edit]')?.click();
  }

  function pressUndo(): void {
    if (undo && !undo.hidden) undo.querySelector('button')?.click();
  }

  function step(by: number) {
    return (draft: HTMLElement | undefined): void => {
      const all = drafts();
      const at = draft && document.activeElement?.closest('[data-draft]') ? all.indexOf(draft) + by : 0;
      show(all[Math.max(0, Math.min(at, all.length - 1))]);
    };
  }

  async function decide(draft: HTMLElement, form: HTMLFormElement, by: HTMLElement | null): Promise<void> {
    if (draft.dataset.busy !== undefined) return;
    draft.dataset.busy = '';
    trouble(draft, '');
    const response = await send(form, by);
    delete draft.dataset.busy;
    if (response === null) return trouble(draft, page?.dataset.failed ?? '');
    if (response.headers.get('Content-Type')?.startsWith('text/html')) return showEditor(draft, await response.text());
    const told: Decided = await response.json();
    count(told.counts);
    if (!told.is_done) {
      trouble(draft, told.said);
      if (told.needs_editing) await edit(draft);
      return;
    }
    closeEditor(draft);
    // On the pages of what is decided already, undoing is all there is to do.
    const wasUndone = by instanceof HTMLButtonElement && by.value === 'undo';
    last = wasUndone ? null : { draft, before: draft.nextElementSibling };
    leave(draft);
    if (undo) announce(undo, told.said, !wasUndone);
  }

  async function takeBack(form: HTMLFormElement, by: HTMLElement | null): Promise<void> {
    if (last === null || undo === null) return;
    const { draft, before } = last;
    form.action = draft.querySelector<HTMLFormElement>('[data-decide]')?.action ?? '';
    const response = await send(form, by);
    if (response === null) return announce(undo, page?.dataset.failed ?? '', true);
    const told: Decided = await response.json();
    count(told.counts);
    announce(undo, told.said, false);
    if (!told.is_done) return;
    last = null;
    list?.insertBefore(draft, before?.isConnected ? before : null);
    emptied();
    show(draft);
  }

  /** To the next one, so that keys and a screen reader go on there. */
  function leave(draft: HTMLElement): void {
    const all = drafts();
    const at = all.indexOf(draft);
    const next = all[at + 1] ?? all[at - 1];
    draft.remove();
    emptied();
    show(next);
  }

  function emptied(): void {
    const none = page?.querySelector<HTMLElement>('[data-none]');
    if (!none) return;
    none.hidden = drafts().length > 0;
    const said = none.querySelector('span');
    if (said) said.textContent = page?.dataset.allDecided ?? '';
    if (!none.hidden) none.querySelector('a')?.focus();
  }
}

/** The server's answer; null where none came. */
async function send(form: HTMLFormElement, by: HTMLElement | null): Promise<Response | null> {
  const body = new FormData(form, by);
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: AS_SCRIPT });
    return response.ok || [404, 409, 422].includes(response.status) ? response : null;
  } catch {
    return null;
  }
}

async function edit(draft: HTMLElement): Promise<void> {
  const link = draft.querySelector<HTMLAnchorElement>('[data-edit]');
  if (link === null || draft.querySelector('[data-edit-form]')) return;
  try {
    const response = await fetch(link.href, { headers: AS_SCRIPT });
    const isForm = response.ok && !response.redirected;
    if (isForm) showEditor(draft, await response.text());
    else location.assign(link.href);
  } catch {
    location.assign(link.href);
  }
}

/** The form that the server wrote, with what is wrong beside its fields. */
function showEditor(draft: HTMLElement, html: string): void {
  const place = draft.querySelector('[data-editor]');
  if (place === null) return;
  place.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
  draft.classList.add('edited');
  const wrong = place.querySelector<HTMLElement>('[aria-invalid=true]');
  const field = wrong ?? place.querySelector<HTMLElement>('textarea, input:not([type=hidden])');
  field?.focus();
}

function closeEditor(draft: HTMLElement): void {
  draft.querySelector('[data-editor]')?.replaceChildren();
  draft.classList.remove('edited');
}

function show(draft: HTMLElement | undefined): void {
  draft?.focus({ preventScroll: true });
  draft?.scrollIntoView({ block: 'nearest' });
}

function trouble(draft: HTMLElement, said: string): void {
  const place = draft.querySelector('[data-trouble]');
  if (place) place.textContent = said;
}

function announce(undo: HTMLElement, said: string, canUndo: boolean): void {
  undo.hidden = false;
  const form = undo.querySelector('form');
  if (form) form.hidden = !canUndo;
  const place = undo.querySelector('[data-undo-said]');
  if (place) place.textContent = said;
}

function count(counts: Decided['counts']): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-count]'))
    place.textContent = String(counts[place.dataset.count ?? ''] ?? 0);
  for (const option of document.querySelectorAll<HTMLElement>('[data-counted]'))
    option.textContent = `${option.dataset.name} (${counts[option.dataset.counted ?? ''] ?? 0})`;
}
