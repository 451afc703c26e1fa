// What a key does on the podcast's page.

export type Command = 'toggle' | 'back' | 'on';

const COMMANDS: Record<string, Command> = { ' ': 'toggle', ArrowLeft: 'back', ArrowRight: 'on' };

/** What a key means here; nothing where it has its own meaning, as in a list or on a button. */
export function commandOf(event: KeyboardEvent): Command | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined;
  const command = COMMANDS[event.key];
  const place = event.target instanceof Element ? event.target : null;
  if (place?.closest('select, textarea, input:not([type=range])')) return undefined;
  return command === 'toggle' && place?.closest('a, button, summary') ? undefined : command;
}
