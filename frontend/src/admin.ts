// The Django admin in our colours; its own switch of themes stays in charge.

import './admin.css';

// A slide stays until the host moves on, unless its author says otherwise.
document.addEventListener('change', ({ target: kind }) => {
  if (!(kind instanceof HTMLSelectElement) || !kind.name.endsWith('-kind')) return;
  const form = kind.closest('.inline-related');
  const limit = form?.querySelector<HTMLInputElement>('input[name$="-limit_s"]');
  if (!limit) return;
  if (kind.value === 'info_slide' && limit.value === limit.defaultValue) limit.value = '';
  else if (kind.value !== 'info_slide' && limit.value === '') limit.value = limit.defaultValue;
});
