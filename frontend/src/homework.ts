// What the pages of homework load besides: moments in the reader's own time zone.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const told = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: 'full',
  timeStyle: 'short',
});

for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-moment]')) {
  // The server's words, with the host's zone, stay where they can be looked at.
  time.title = time.textContent;
  time.textContent = told.format(new Date(time.dateTime));
}

// A new deadline is meant as the clock on the host's wall; the server is told which that is.
for (const input of document.querySelectorAll<HTMLInputElement>('input[data-own-zone]')) {
  input.value = zone;
  for (const name of document.querySelectorAll('[data-zone-name]')) {
    name.textContent = zone.replaceAll('_', ' ');
  }
}

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
  // Without TLS browsers have no clipboard; the link can still be marked.
  button.hidden = !isSecureContext;
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(button.dataset.copy ?? '').then(() => {
      button.textContent = button.dataset.copied ?? '';
    });
  });
}
