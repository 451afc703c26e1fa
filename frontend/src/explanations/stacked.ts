// Many dots at few places: stacked downwards, small enough that the tallest stack fits.

/** A path of circles below y = 0; where even small dots are too many, of bars. */
export function stacked(places: number[], radius: number, height: number): string {
  let r = Math.max(radius, 0.5);
  let stacks = stacksOf(places, r);
  let tallest = Math.max(1, ...stacks.map(({ count }) => count));
  if (tallest * 2.2 * r > height) {
    r = Math.max(2, Math.min(r, height / (2.2 * tallest)));
    stacks = stacksOf(places, r);
    tallest = Math.max(1, ...stacks.map(({ count }) => count));
  }
  if (tallest * 2.2 * r > height) {
    return stacks
      .map(({ place, count }) => `M${place - r},0h${2 * r}v${(height * count) / tallest}h${-2 * r}Z`)
      .join('');
  }
  return stacks
    .flatMap(({ place, count }) =>
      Array.from({ length: count }, (_, i) => `M${place - r},${(2.2 * i + 1) * r}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0`),
    )
    .join('');
}

function stacksOf(places: number[], radius: number): { place: number; count: number }[] {
  const stacks = new Map<number, number[]>();
  for (const place of places) {
    const column = Math.round(place / (2 * radius));
    stacks.set(column, [...(stacks.get(column) ?? []), place]);
  }
  // At their mean, so that many equal guesses stand exactly where they are.
  return [...stacks.values()].map((stack) => ({
    place: stack.reduce((sum, place) => sum + place, 0) / stack.length,
    count: stack.length,
  }));
}
