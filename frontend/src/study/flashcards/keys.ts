// What a key does while cards are on the table.

export type Command = 'turn' | 'next' | 'previous' | 'know' | 'again' | 'shuffle' | 'aloud';

const COMMANDS: Record<string, Command> = {
  ' ': 'turn',
  enter: 'turn',
  arrowright: 'next',
  arrowleft: 'previous',
  k: 'know',
  a: 'again',
  s: 'shuffle',
  t: 'aloud',
};

/** What a key means here; nothing where it has its own meaning, as in a field or on a button. */
export function commandOf(event: KeyboardEvent): Command | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return undefined;
  const place = event.target instanceof Element ? event.target : null;
  if (place?.closest('input, dialog')) return undefined;
  const command = COMMANDS[event.key.toLowerCase()];
  return command === 'turn' && place?.closest('a, button') ? undefined : command;
}
