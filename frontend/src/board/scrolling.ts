/** A part of the page that is longer than its frame can be scrolled by the keys: it takes the focus. */
export function scrollsByKey(frame: HTMLElement): () => void {
  const resized = new ResizeObserver(() => {
    if (frame.scrollHeight > frame.clientHeight + 1) frame.tabIndex = 0;
    else frame.removeAttribute('tabindex');
  });
  resized.observe(frame);
  for (const part of frame.children) resized.observe(part);
  return () => resized.disconnect();
}
