/** Type shrinks no further than this share of its size; then the page scrolls. */
const SMALLEST = 0.42;
const STEP = 0.05;
/** After this a board's transitions are over. */
const MOVED_MS = 450;

/** Shrinks the type inside a node, by its custom property `--fit`, until nothing sticks out below. */
export function fit(node: HTMLElement): () => void {
  let size = '';

  function fitAgain(): void {
    let share = 1;
    node.style.setProperty('--fit', '1');
    while (share > SMALLEST && node.scrollHeight > node.clientHeight + 1) {
      share -= STEP;
      node.style.setProperty('--fit', String(share));
    }
  }

  function fitIfResized(): void {
    const now = `${node.clientWidth} ${node.clientHeight}`;
    if (now === size) return;
    size = now;
    fitAgain();
  }

  const resized = new ResizeObserver(fitIfResized);
  resized.observe(node);
  // A result brings more than the question had. While its rows are still moving they measure wrongly.
  let rest: ReturnType<typeof setTimeout> | undefined;
  const changed = new MutationObserver(() => {
    clearTimeout(rest);
    rest = setTimeout(fitAgain, MOVED_MS);
  });
  changed.observe(node, { childList: true, subtree: true });
  // Type is measured wrongly until the font is there.
  void document.fonts.ready.then(fitAgain);
  return () => {
    resized.disconnect();
    changed.disconnect();
    clearTimeout(rest);
  };
}
