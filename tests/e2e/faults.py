"""What a person would find wrong with a drawing at first sight: words that are cut, collide or are too small."""

from playwright.sync_api import Page

_FAULTS = """() => {
  const faults = [];
  for (const svg of document.querySelectorAll('[role=img] > svg')) {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].filter((text) => {
      const look = getComputedStyle(text);
      let opacity = 1;
      for (let node = text; node !== svg; node = node.parentElement) opacity *= getComputedStyle(node).opacity;
      return text.textContent.trim() && look.visibility !== 'hidden' && look.display !== 'none' && opacity > 0.2;
    }).map((text) => ({
      said: text.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40),
      box: text.getBoundingClientRect(),
      size: parseFloat(getComputedStyle(text).fontSize),
    }));
    for (const {said, box, size} of texts) {
      if (size < 12.9) faults.push(`“${said}” is ${size.toFixed(1)} px small`);
      const off = Math.max(frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom);
      if (off > 3 + size * 0.3) faults.push(`“${said}” sticks out by ${off.toFixed(0)} px`);
    }
    for (let i = 0; i < texts.length; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [texts[i].box, texts[j].box];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        // A line box is a good deal higher than its letters.
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        const size = Math.min(texts[i].size, texts[j].size);
        if (wide > size * 0.25 && high > size * 0.55) faults.push(`“${texts[i].said}” lies on “${texts[j].said}”`);
      }
    }
  }
  return faults;
}"""


def faults(page: Page) -> list[str]:
    """In every drawing on the page: text that is cut, lies on other text or is smaller than 13 px."""
    found: list[str] = page.evaluate(_FAULTS)
    return found
