export const words = {
  formulas: ['max(0, x)', 'x · Φ(x)', 'x · σ(x)'],
  product: (x: string, percent: string, value: string) => `${x} × ${percent} = ${value}`,
  percent: (share: number) => {
    const percent = 100 * share;
    const digits = percent > 0 && percent < 100 && (percent < 9.95 || percent > 90.05) ? 1 : 0;
    return `${percent.toFixed(digits)}\u00a0%`;
  },
  kept: 'share kept',
  people: (bias: string) => `names matched, bias ${bias}`,
  became: (before: string, after: string) => `${before} → ${after}`,
  leaking: (names: string[]) =>
    `${names.length === 1 ? `${names[0] ?? ''} leaks` : `${NUMBERS[names.length] ?? ''} people leak`} a little anti-basketball.`,
  passing: (names: string[]) =>
    names.length === 0
      ? 'Nobody passes.'
      : names.length === 1
        ? `Only ${names[0] ?? ''} passes.`
        : `${NUMBERS[names.length] ?? ''} people pass.`,
  guesses: (n: number) => (n === 1 ? 'your one guess:' : `your ${n.toLocaleString('en')} guesses:`),
  average: (value: string, n: number) => (n === 1 ? value : `${value} on average`),
  spoken: (name: string, x: string, value: string, bias: string, people: string) =>
    `${name} makes ${value} of ${x}. With a bias of ${bias}: ${people}.`,
  person: (name: string, before: string, after: string) => `${name}, ${before} becomes ${after}`,
};

const NUMBERS = ['', '', 'Two', 'Three', 'Four'];
