interface Placed {
  rank: number;
  rank_before: number | null;
}

/** The same rows as they stood before this round: newcomers to the list come from below. */
export function asBefore<Row extends Placed>(rows: readonly Row[]): Row[] {
  const place = (row: Row) => row.rank_before ?? Infinity;
  return [...rows].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

/** Places gained since the round before: positive is up, 0 also where there was no round before. */
export function climbed(row: Placed): number {
  return row.rank_before === null ? 0 : row.rank_before - row.rank;
}
