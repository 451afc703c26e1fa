export const words = {
  alone: 'alone',
  named: (fraction: string, name: string) => (name ? `${name} ${fraction}` : fraction),
  rails: ['alone', 'tetrahedron', 'triangle', 'pair', '', 'pentagon', 'antiprism'],
  share: 'share of a dimension',
  rarity: 'rarity: on 1 time in …',
  world: (rarity: number) => (rarity === 1 ? 'Always on' : `On 1 time in ${Number(rarity.toFixed(1))}`),
  kept: (kept: number) => `${kept} of 100 ideas kept`,
  times: (times: number, name: string) => (times === 1 ? name : `${times} × ${name}`),
  family: (name: string, size: number) => (size === 1 ? 'alone' : name.replace('square ', '') || `group of ${size}`),
  roomShort: (size: number, dimensions: number) => (size === 1 ? 'small ones near' : `${size} ideas in ${dimensions}-D`),
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
};
