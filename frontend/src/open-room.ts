// The settings of a room: hides what doesn't apply and sums up what isn't as usual. Without it the
// page shows everything, and the server decides what applies.

export interface Setting {
  name: string;
  default: string;
  /** How a value is said; `*` is any other, {} stands for it. */
  said: Record<string, string>;
  /** Other fields, and which of their values make this one matter. */
  applies: [name: string, values: string[]][];
}

type ValueOf = (name: string) => string;

export function applies(setting: Setting, valueOf: ValueOf): boolean {
  return setting.applies.every(([name, values]) => values.includes(valueOf(name)));
}

/** As `OpenRoomForm._phrase` in Python: empty for what is as usual. */
export function phrase(setting: Setting, valueOf: ValueOf): string {
  const value = valueOf(setting.name);
  if (value === setting.default || !applies(setting, valueOf)) return '';
  return (setting.said[value] ?? (value && setting.said['*']) ?? '').replace('{}', value);
}

export function summed(phrases: string[]): string {
  const text = phrases.filter(Boolean).join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A field as it stands; a ticked box is "on". */
function valueIn(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement && field.type === 'checkbox') return field.checked ? 'on' : '';
  if (field instanceof Element && 'value' in field) return String(field.value).trim();
  return field instanceof RadioNodeList ? field.value : '';
}

export function watch(form: HTMLFormElement): void {
  const valueOf = (name: string) => valueIn(form, name);
  const places = [...form.querySelectorAll<HTMLElement>('[data-setting]')].map((place) => {
    const setting: Setting = JSON.parse(place.dataset.setting ?? '');
    return { place, setting, group: place.closest('details') };
  });
  const show = () => {
    const phrases = places.map(({ setting }) => phrase(setting, valueOf));
    for (const { place, setting } of places) place.hidden = !applies(setting, valueOf);
    for (const group of form.querySelectorAll('details')) {
      const line = group.querySelector('[data-group-summary]');
      if (line) line.textContent = summed(phrases.filter((_, i) => places[i]?.group === group));
    }
    const line = form.querySelector('[data-summary]');
    if (line) line.textContent = summed(phrases) || (form.dataset.usual ?? '');
    const back = form.querySelector<HTMLElement>('[data-back-to-defaults]');
    if (back) back.hidden = phrases.every((said) => said === '');
  };
  form.addEventListener('input', show);
  // A browser that goes back fills the form again, after the page has run.
  addEventListener('pageshow', show);
  show();
}
