import { describe, expect, test } from 'vitest';
import { astray, pathsOf, spokes, turned } from './sae';

describe('the table', () => {
  test('has a path of cells for each level, row by row', () => {
    // Two ideas, three directions.
    const paths = pathsOf('010204', 3, 4, 300, 200);

    expect(paths).toEqual(['M100,0h88v88h-88Z', 'M0,100h88v88h-88Z', '', 'M200,100h88v88h-88Z']);
  });

  test('is empty where nothing agrees', () => {
    expect(pathsOf('0000', 2, 4, 100, 100)).toEqual(['', '', '', '']);
  });
});

describe('arrows', () => {
  test('turn from snapshot to snapshot and keep their length', () => {
    expect(turned([[100, 0]], [[0, 100]], 0)).toEqual([[1, 0]]);
    const [half] = turned([[100, 0]], [[0, 100]], 0.5);

    expect(half?.[0]).toBeCloseTo(Math.SQRT1_2, 10);
    expect(half?.[1]).toBeCloseTo(Math.SQRT1_2, 10);
  });

  test('on the spokes are not astray, a turn of all is', () => {
    const by = (degrees: number) =>
      spokes().map(([x, y]): [number, number] => {
        const turn = Math.atan2(y, x) + (degrees * Math.PI) / 180;
        return [Math.cos(turn), Math.sin(turn)];
      });

    expect(astray(by(0))).toBeCloseTo(0, 5);
    expect(astray(by(10))).toBeCloseTo(10, 5);
    expect(astray(by(36))).toBeCloseTo(36, 5);
  });

  test('that are missing leave a spoke alone', () => {
    expect(astray([])).toBe(180);
    // Without the first spoke's own, the nearest is 72 degrees off, as in numpy.
    expect(astray(spokes().slice(1))).toBeCloseTo(72, 5);
  });
});

test('the first of five spokes points up, the next to the right', () => {
  const [first, second] = spokes();

  expect(first?.[1]).toBeCloseTo(1, 10);
  expect(second?.[0]).toBeCloseTo(Math.cos(Math.PI / 10), 10);
});
