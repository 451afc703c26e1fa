const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

export const words = {
  dimensions: (d: number, degrees: number) => `${d.toLocaleString('en')} dimensions, within ${angle(degrees)}`,
  guaranteed: (zeros: number, dimensions: number) =>
    zeros > Math.log10(dimensions) ? `at least ${number(zeros, Math.floor)} fit` : 'one fits for each dimension',
  limit: (zeros: number) => `never more than ${number(zeros, Math.ceil)}`,
  chance: (zeros: number) => `by chance alone ${number(zeros, Math.floor)}`,
  power: (zeros: number) => (zeros === 0 ? '1' : `10${raised(zeros)}`),
  degrees: angle,
  across: 'dimensions',
  overtakes: (d: number) => `pays from ${rounded(d).toLocaleString('en')} on`,
  gpt3: 'GPT-3',
  kerdock: (vectors: number) => vectors.toLocaleString('en'),
  kerdockRounded: (vectors: number) => `${Math.round(vectors / 1e6)} million`,
  kerdockHow: (off: number) => `by algebra, within ${off.toFixed(1)}°`,
  kerdockShort: 'by algebra',
  guesses: (n: number, middle: number) =>
    n === 1 ? `your one guess: ${zerosOf(middle)}` : `your ${n.toLocaleString('en')} guesses: half up to ${zerosOf(middle)}`,
  spoken: (d: number, degrees: number, zeros: number, limit: number) =>
    `In ${d.toLocaleString('en')} dimensions, within ${degrees.toFixed(1)} degrees of a right angle, ` +
    (zeros > Math.log10(d)
      ? `at least a 1 with ${Math.floor(zeros)} zeros directions fit, and at most a 1 with ${Math.ceil(limit)} zeros.`
      : 'no more than one direction for each dimension is guaranteed.'),
};

function angle(degrees: number): string {
  return `${degrees.toFixed(1).replace('.0', '')}°`;
}

function zerosOf(middle: number): string {
  return middle === 1 ? '1 zero' : `${middle.toLocaleString('en', { maximumFractionDigits: 1 })} zeros`;
}

/** In full as long as that is short; a bound is rounded to where it stays true. */
function number(zeros: number, toward: (value: number) => number): string {
  if (zeros >= 6) return `10${raised(toward(zeros))}`;
  return (zeros < 3 ? Math.floor(10 ** zeros) : rounded(10 ** zeros, toward)).toLocaleString('en');
}

function raised(power: number): string {
  return [...String(power)].map((digit) => RAISED[Number(digit)]).join('');
}

/** Two digits that count. */
function rounded(value: number, toward: (value: number) => number = Math.round): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return toward(value / unit) * unit;
}
