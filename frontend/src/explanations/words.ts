// What the pictures say in the browser. Apart from the other words, because it loads with a picture.
export const words = {
  frame: {
    checks: 'Measured against theory',
    measured: 'measured',
    theory: 'theory',
    held: (theory: string) => `(theory ${theory})`,
    disagree: 'measured and theory don’t agree',
    source: (source: string) => `Source: ${source}`,
    missing: 'The picture couldn’t be loaded. This is what it shows:',
    tryAgain: 'Try again',
  },
  angles: {
    dimensions: (d: number) => `${d.toLocaleString('en')} dimensions`,
    share: (share: number) => ofPairs(share),
    near: (degrees: number) => `within ${degrees}° of 90°`,
    flat: 'flat: any angle',
    fan: 'one direction',
    others: (n: number) => `and ${n} others`,
    guesses: (n: number, average: number) =>
      n === 1 ? `your one guess: ${average}°` : `your ${n.toLocaleString('en')} guesses, on average ${average}°`,
    spoken: (d: number, share: number) =>
      `In ${d.toLocaleString('en')} dimensions, ${ofPairs(share)} of random pairs are within 5 degrees of a right angle.`,
  },
  geometry: {
    alone: 'alone',
    named: (fraction: string, name: string) => (name ? `${name} ${fraction}` : fraction),
    rails: ['alone', 'tetrahedron', 'triangle', 'pair', '', 'pentagon', 'antiprism'],
    share: 'share of a dimension',
    rarity: 'rarity: on 1 time in …',
    world: (rarity: number) => (rarity === 1 ? 'Always on' : `On 1 time in ${rarity.toFixed(1)}`),
    kept: (kept: number) => `${kept} of 100 ideas kept`,
    times: (times: number, name: string) => (times === 1 ? name : `${times} × ${name}`),
    family: (name: string, size: number) => (size === 1 ? 'alone' : name || `group of ${size}`),
    room: (size: number, dimensions: number) =>
      size === 1 ? 'small ones in its way' : `${size} ideas in ${dimensions} ${dimensions === 1 ? 'dimension' : 'dimensions'}`,
    each: (size: number, dimensions: number, share: number, isRegular: boolean) =>
      isRegular && size > 1 ? `${dimensions}/${size} each` : `about ${share.toFixed(2)} each`,
    scattered: ['No idea has room of its own:', '100 ideas share 10 dimensions,', 'about 1/10 each.'],
    spoken: (rarity: number, kept: number, families: string) =>
      `When an idea is on 1 time in ${rarity.toFixed(1)}, ${kept} of 100 are kept${families ? `: ${families}` : ''}.`,
    importance: 'importance of idea 2, against idea 1',
    regions: ['only idea 1', 'only idea 2', 'both, opposite'],
    losses: ['keep only idea 1', 'keep only idea 2', 'keep both, opposite'],
    lost: 'what is lost',
    neuron: 'the one neuron',
    idea: (n: number) => `idea ${n}`,
    forgotten: (n: number) => `idea ${n} is forgotten`,
    trained: 'colour: the formulas · dots: trained networks',
    loss: (value: number) => value.toPrecision(2),
    spokenPhase: (rarity: number, importance: number, choice: string, lost: string) =>
      `At rarity ${rarity.toFixed(1)} and importance ${importance.toPrecision(2)} it costs least to ${choice}: ${lost}.`,
  },
  toy: {
    neuron: (n: number) => `neuron ${n}`,
    idea: (n: number) => `idea ${n}`,
    percent: (share: number) => `${Math.round(100 * share)} %`,
    world: (share: number) =>
      share === 1 ? 'Every idea is always on' : `Each idea is on ${Math.round(100 * share)} % of the time`,
    worldShort: (share: number) => (share === 1 ? 'Always on' : `On ${Math.round(100 * share)} % of the time`),
    shape: (shape: string) => ` → ${shape}`,
    step: (step: number) => ` → training, step ${step}`,
    alone: (idea: number) => `Idea ${idea} alone is on, at 1. The network reads:`,
    raw: 'from the arrows',
    cleaned: 'after bias and ReLU',
    lifted: 'after the bias',
    reading: (raw: number, read: number) => `${fixed(raw)} → ${fixed(read)}`,
    votes: 'You voted',
    learning: (world: string, step: number) => `${world}. Training has reached step ${step}.`,
    spoken: (world: string, shape: string, idea: number, share: number) =>
      `${world}: the arrows form ${shape}, and idea ${idea} has ${fixed(share)} of a dimension.`,
  },
  mlp: {
    steps: ['The row asks', 'The bias is strict', 'ReLU decides', 'The column answers'],
    asked: (first: string, last: string) => `${first} + ${last}?`,
    biased: (bias: string) => `bias ${bias}`,
    cut: 'below 0 is 0',
    plus: '+',
    added: 'what came in, plus',
    only: (person: string, answer: string) => `Only ${person} is given ${answer}.`,
    tooStrict: (answer: string) => `Too strict: nobody is given ${answer}.`,
    tooLittle: (answer: string) => `Too little of the first name came in: nobody is given ${answer}.`,
    tooLenient: (others: string, answer: string) => `Too lenient: ${others} get ${answer} too.`,
    listed: new Intl.ListFormat('en-GB', { type: 'conjunction' }),
    truth: 'It is added to what came in. In a real model a fact is spread over many neurons.',
    facts: (facts: number) => `${facts.toLocaleString('en')} facts, a neuron each`,
    room: (dimensions: number) => `in ${dimensions} dimensions`,
    right: (bias: string) => `right at bias ${bias}`,
    percent: (fraction: number) => `${Math.round(100 * fraction)} %`,
    chance: 'chance',
    bias: 'bias',
    works: 'works',
    guesses: (guesses: number) => (guesses === 1 ? 'your guess' : `your ${guesses} guesses`),
    working: (working: number, guesses: number) => `${working} of ${guesses} work`,
    spoken: (person: string, dot: string, strict: string, fires: string) =>
      `${person}: dot product ${dot}, with the bias ${strict}, after ReLU ${fires}.`,
  },
};

/** A tenth of a percent where it matters, and never 100 % unless it is all. */
function ofPairs(share: number): string {
  if (share >= 0.9995) return 'more than 99.9\u00a0%';
  return share < 0.985 ? `${Math.round(100 * share)}\u00a0%` : `${(100 * share).toFixed(1)}\u00a0%`;
}

function fixed(value: number): string {
  return value.toFixed(2).replace(/^-0\.00$/, '0.00').replace('-', '−');
}
