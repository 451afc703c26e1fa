// What the learner's own pages load besides: their charts' look, and two hints of the settings.

import './learner.css';

const retention = document.querySelector<HTMLInputElement>('[name=retention_percent]');
const cost = document.getElementById('retention-cost');
const costs = document.getElementById('costs')?.textContent;

if (retention && cost && costs) {
  const inWords = new Map(Object.entries<string>(JSON.parse(costs)));
  const show = () => {
    cost.textContent = inWords.get(retention.value) ?? '';
  };
  retention.addEventListener('input', show);
  show();
}

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-own-zone]')) {
  const zones = document.querySelector<HTMLSelectElement>('[name=zone]');
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isThere = [...(zones?.options ?? [])].some((option) => option.value === own);
  if (!zones || !isThere) continue;
  const show = () => {
    button.hidden = zones.value === own;
  };
  button.textContent = (button.dataset.ownZone ?? '').replace('%s', own.replaceAll('_', ' '));
  button.addEventListener('click', () => {
    zones.value = own;
    zones.focus(); // the button is about to go
    show();
  });
  zones.addEventListener('change', show);
  show();
}
