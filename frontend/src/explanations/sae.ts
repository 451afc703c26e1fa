// The table of cosines as paths, and the arrows in the plane.
export type Arrow = [number, number];

/** One path of cells for each level from 1 on. A snapshot has one digit for each cell, row by row. */
export function pathsOf(snapshot: string, columns: number, levels: number, width: number, height: number): string[] {
  const paths = Array.from({ length: levels }, () => '');
  const cell = { width: width / columns, height: height / (snapshot.length / columns) };
  const [right, down] = [rounded(cell.width * 0.88), rounded(cell.height * 0.88)];
  for (let at = 0; at < snapshot.length; at++) {
    const level = Number(snapshot[at]);
    if (level === 0) continue;
    const [x, y] = [rounded((at % columns) * cell.width), rounded(Math.floor(at / columns) * cell.height)];
    paths[level - 1] += `M${x},${y}h${right}v${down}h${-right}Z`;
  }
  return paths;
}

/** Arrows between two snapshots, from hundredths; they keep length 1 while they turn. */
export function turned(before: number[][], after: number[][], share: number): Arrow[] {
  return before.map((from, i) => {
    const to = after[i] ?? from;
    const [x, y] = [0, 1].map((axis) => (from[axis] ?? 0) + ((to[axis] ?? 0) - (from[axis] ?? 0)) * share);
    const length = Math.hypot(x ?? 0, y ?? 0) || 1;
    return [(x ?? 0) / length, (y ?? 0) / length];
  });
}

/** Whether an arrow that is on in so many of 100 samples takes part in the copy. */
export function isUsed(percent = 0): boolean {
  return percent >= 1.5;
}

/** Five directions of the plane, the first one up. */
export function spokes(count = 5): Arrow[] {
  return Array.from({ length: count }, (_, i) => {
    const turn = Math.PI / 2 - (2 * Math.PI * i) / count;
    return [Math.cos(turn), Math.sin(turn)];
  });
}

/** Degrees from a spoke to the nearest arrow, at worst; 180 without arrows. */
export function astray(arrows: Arrow[]): number {
  const cosines = spokes().map((spoke) =>
    Math.max(-1, ...arrows.map((arrow) => spoke[0] * arrow[0] + spoke[1] * arrow[1])),
  );
  return (Math.acos(Math.min(1, ...cosines)) * 180) / Math.PI;
}

function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}
