import type { Keeper } from '../room.svelte';

/** The seat in this room, kept on the phone; in the page's memory where the phone keeps nothing. */
export function keeperOf(code: string): Keeper {
  const key = `seat:${code}`;
  return {
    get token() {
      return read(key);
    },
    set token(token) {
      write(key, token);
    },
  };
}

/** The nickname used last, to be offered again. */
export const nicknameKeeper = {
  get nickname(): string {
    return read('nickname') ?? '';
  },
  set nickname(nickname: string) {
    write('nickname', nickname);
  },
};

const memory = new Map<string, string>();

function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

function write(key: string, value: string | null): void {
  if (value === null) memory.delete(key);
  else memory.set(key, value);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is off or full: the page's own memory has it.
  }
}
