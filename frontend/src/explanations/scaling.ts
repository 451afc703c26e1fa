// The loss of a language model of so many parameters after so many tokens, and what follows from it.
// Parameters and tokens in billions, compute in 10^21 operations, as in the picture.
import type { ScalingLaw } from './data.gen';

export interface Model {
  parameters: number;
  tokens: number;
}

export function lossOf(law: ScalingLaw, { parameters, tokens }: Model): number {
  return law.e + law.a / (1e9 * parameters) ** law.alpha + law.b / (1e9 * tokens) ** law.beta;
}

/** The loss that endlessly many parameters would leave. */
export function endlessOf(law: ScalingLaw, tokens: number): number {
  return lossOf(law, { parameters: Infinity, tokens });
}

/** What this compute pays for: 6 operations for each parameter and token. */
export function tokensFor(compute: number, parameters: number): number {
  return (compute * 1e21) / (6e18 * parameters);
}

/** The model with the lowest loss for this compute, where a / N^alpha and b / D^beta fall at equal rates. */
export function bestOf({ a, alpha, b, beta }: ScalingLaw, compute: number): Model {
  const balance = ((alpha * a) / (beta * b)) ** (1 / (alpha + beta));
  const parameters = (balance * ((compute * 1e21) / 6) ** (beta / (alpha + beta))) / 1e9;
  return { parameters, tokens: tokensFor(compute, parameters) };
}

/**
 * Models with this loss, from few tokens to few parameters.
 *
 * What is above the floor is split between size and text, from all for the text to all for the size.
 */
export function contourOf({ e, a, alpha, b, beta }: ScalingLaw, loss: number): Model[] {
  return Array.from({ length: 61 }, (_, i) => {
    const share = 1 / (1 + Math.exp(9 - 0.3 * i));
    return {
      parameters: (a / (share * (loss - e))) ** (1 / alpha) / 1e9,
      tokens: (b / ((1 - share) * (loss - e))) ** (1 / beta) / 1e9,
    };
  });
}
