// The arrow's dot product, the laws of the read-outs, and the class' arrows around the dial.

/** Of an arrow with a direction of length 1, at so many degrees to it. */
export function dotOf(angle: number, length: number): number {
  return length * Math.cos((angle * Math.PI) / 180);
}

/** The standard deviation of a sum of so many cosines of random directions. */
export function spreadOf(cosines: number, dimensions: number): number {
  return Math.sqrt(cosines / dimensions);
}

/** The normal law: its density `off` from its mean. */
export function bell(off: number, spread: number): number {
  return Math.exp(-((off / spread) ** 2) / 2) / (spread * Math.sqrt(2 * Math.PI));
}

/** Places at which to draw a bell between two ends: as far as there is anything of it to see. */
export function placesOf(mean: number, spread: number, low: number, high: number): number[] {
  const [from, to] = [Math.max(low, mean - 4 * spread), Math.min(high, mean + 4 * spread)];
  return from < to ? Array.from({ length: 121 }, (_, i) => from + ((to - from) * i) / 120) : [];
}

export interface Ray {
  /** In degrees: the mean of the guesses it stands for. */
  angle: number;
  count: number;
}

/** Guesses no further apart than `step` degrees share a ray. */
export function raysOf(angles: readonly number[], step: number): Ray[] {
  const groups = new Map<number, number[]>();
  for (const angle of angles) {
    const at = Math.round(angle / step);
    groups.set(at, [...(groups.get(at) ?? []), angle]);
  }
  return [...groups.values()].map((group) => ({ angle: averageOf(group), count: group.length }));
}

/** Guesses around a dial: dots stacked outwards on its rim or, where they would be too many, bars. */
export interface Rim {
  rays: Ray[];
  most: number;
  areDots: boolean;
  /** Of a dot or a bar, and how far one guess reaches outwards; in pixels. */
  thick: number;
  each: number;
}

/** Degrees from bar to bar. */
const BAR_STEP = 4;

export function rimOf(angles: readonly number[], radius: number, dot: number, room: number): Rim {
  const degree = (Math.PI / 180) * radius;
  for (let thick = dot; thick >= 0.6 * dot; thick *= 0.9) {
    const each = 1.05 * thick;
    const rays = raysOf(angles, each / degree);
    const most = mostOf(rays);
    if (most * each <= room) return { rays, most, areDots: true, thick, each };
  }
  const rays = raysOf(angles, BAR_STEP);
  return { rays, most: mostOf(rays), areDots: false, thick: 0.75 * BAR_STEP * degree, each: room / mostOf(rays) };
}

function mostOf(rays: readonly Ray[]): number {
  return Math.max(1, ...rays.map(({ count }) => count));
}

export function averageOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** To so many digits after the point, with a minus sign as in print. */
export function printed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(?=[0.]*$)/, '').replace('-', '−');
}
