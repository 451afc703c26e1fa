export interface Tallied {
  number: number;
  count: number;
}

/** The numbers given most often, the commonest first, of equally common ones the smaller. */
export function commonest(numbers: readonly number[], most: number): Tallied[] {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts]
    .map(([number, count]) => ({ number, count }))
    .sort((a, b) => b.count - a.count || a.number - b.number)
    .slice(0, most);
}
