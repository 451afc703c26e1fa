export const words = {
  amount,
  parameters: 'parameters, billions',
  tokens: 'tokens, billions',
  loss: 'loss',
  nats: (loss: number) => loss.toFixed(2),
  change: (change: number) => change.toFixed(2).replace('-', '−'),
  times: '× 10',
  tenth: '÷ 10',
  floor: (floor: number) => `the floor: ${floor}`,
  read: (tokens: number) => `after ${amount(tokens)} tokens`,
  endless: 'endless',
  guesses: (n: number, average: number) =>
    n === 1
      ? `your one guess: ${average.toFixed(2)}`
      : `your ${n.toLocaleString('en')} guesses, on average ${average.toFixed(2)}`,
  lowest: 'lowest point',
  here: 'marked',
  rounded: 'By the published constants, which are rounded: no rule for the best size.',
  dimensions: 'dimensions d',
  disturbance: 'mean cos² of two random directions',
  slope: (slope: number) => `measured slope ${words.change(slope)}`,
  measured: (d: number) => `d = ${d.toLocaleString('en')}`,
  part: (share: number) => `1/${(1 / share).toLocaleString('en', { maximumFractionDigits: share > 0.003 ? 1 : 0 })}`,
  reason: 'Ideas that share dimensions disturb each other so much. It may be one reason for the steady gain.',
  spokenSteps: (parameters: number, before: number, after: number) =>
    `${amount(parameters)} parameters have a loss of ${before.toFixed(2)}, ten times as many ${after.toFixed(2)}.`,
  spokenMap: (parameters: number, tokens: number, loss: number, lowest: number) =>
    `${amount(parameters)} parameters and ${amount(tokens)} tokens have a loss of ${loss.toFixed(2)}; the lowest for this compute is ${lowest.toFixed(2)}.`,
  spokenDisturbance: (slope: number) =>
    `The mean squared cosine of two random directions falls as one over the dimensions: slope ${words.change(slope)}.`,
};

/** From billions, two or three digits: 100 million, 1.4 trillion. */
function amount(billions: number): string {
  const [value, name] =
    billions < 0.9995 ? [billions * 1000, 'million'] : billions < 999.5 ? [billions, 'billion'] : [billions / 1000, 'trillion'];
  return `${Number(value.toPrecision(value < 10 ? 2 : 3)).toLocaleString('en')} ${name}`;
}
