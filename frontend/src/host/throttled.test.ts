import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttled } from './throttled';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first value goes at once, the last one always arrives', () => {
  const heard: number[] = [];
  const tell = throttled((value: number) => heard.push(value), 50);

  for (let value = 1; value <= 5; value++) tell(value);
  expect(heard).toEqual([1]);

  vi.advanceTimersByTime(1000);
  expect(heard).toEqual([1, 5]);
});

test('a knob turned for a second sends no more than twenty values', () => {
  const heard: number[] = [];
  const tell = throttled((value: number) => heard.push(value), 50);

  for (let ms = 0; ms < 990; ms += 5) {
    tell(ms);
    vi.advanceTimersByTime(5);
  }
  expect(heard.length).toBe(20);
});
