/** On a phone the keyboard would hide the question before it is read. */
export function focusWithKeyboard(input: HTMLInputElement): void {
  if (matchMedia('(pointer: fine)').matches) input.focus();
}
