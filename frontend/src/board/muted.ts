/** Is this device to be quiet? Kept by the browser, apart for each page that shows the board. */
export function isMuted(page: string): boolean {
  try {
    return localStorage.getItem(key(page)) !== null;
  } catch {
    return false;
  }
}

export function mute(page: string, isMuted: boolean): void {
  try {
    if (isMuted) localStorage.setItem(key(page), '1');
    else localStorage.removeItem(key(page));
  } catch {
    // Then it is forgotten when the page closes.
  }
}

const key = (page: string) => `quizgame-muted-${page}`;
