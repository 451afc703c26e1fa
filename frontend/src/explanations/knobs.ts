// A knob's track: where a value lies on it (0 to 1), and which value a place stands for.
import type { Knob } from '../protocol.gen';

export function positionOf(knob: Knob, value: number): number {
  const at = (x: number) => (knob.scale === 'log' ? Math.log(x) : x);
  return clamp((at(clamp(value, knob.min, knob.max)) - at(knob.min)) / (at(knob.max) - at(knob.min)), 0, 1);
}

/** Between steps: what a gliding knob passes through. */
export function valueAt(knob: Knob, position: number): number {
  return knob.scale === 'log'
    ? knob.min * (knob.max / knob.min) ** position
    : knob.min + (knob.max - knob.min) * position;
}

/** The nearest value that the knob can rest on: one of its grid, or an end. */
export function snapped(knob: Knob, value: number): number {
  const grid = gridAt(knob, value);
  const inner = tidy(Math.round((value - origin(knob)) / grid) * grid + origin(knob));
  const rests = [clamp(inner, knob.min, knob.max), knob.min, knob.max];
  return rests.reduce((best, rest) => (Math.abs(rest - value) < Math.abs(best - value) ? rest : best));
}

/** One key press further: a step, or on a log track a unit of the second digit. */
export function neighbour(knob: Knob, value: number, direction: 1 | -1): number {
  // Just below a power of ten the grid is the finer one. The slack is for steps like 0.1.
  const grid = gridAt(knob, direction === 1 ? value : value * (1 - 1e-9));
  const at = (value - origin(knob)) / grid;
  const next = direction === 1 ? Math.floor(at + 1 + 1e-9) : Math.ceil(at - 1 - 1e-9);
  return clamp(tidy(next * grid + origin(knob)), knob.min, knob.max);
}

/** The values to print under the track: both ends and, on a log track, the powers of ten. */
export function ticks(knob: Knob): number[] {
  const inner: number[] = [];
  if (knob.scale === 'log') {
    for (let power = Math.ceil(Math.log10(knob.min)); 10 ** power < knob.max; power++) inner.push(10 ** power);
  }
  const isClear = (value: number) => [0, 1].every((end) => Math.abs(positionOf(knob, value) - end) > 0.12);
  return [knob.min, ...inner.filter(isClear), knob.max];
}

/** As it is read: thousands apart, no more digits than the step has. */
export function printed(knob: Knob, value: number): string {
  const digits = Math.max(0, Math.ceil(-Math.log10(knob.step) - 1e-9));
  return value.toLocaleString('en', { maximumFractionDigits: digits }).replace('-', '−');
}

function gridAt(knob: Knob, value: number): number {
  return knob.scale === 'log' ? Math.max(knob.step, 10 ** (Math.floor(Math.log10(value)) - 1)) : knob.step;
}

/** 0.1 * 3 must read 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function origin(knob: Knob): number {
  return knob.scale === 'log' ? 0 : knob.min;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
