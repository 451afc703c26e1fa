export const words = {
  idea: 'basketball',
  product: (length: string, angle: number) => `${length} × cos ${angle}°`,
  equals: (dot: string) => `= ${dot}`,
  half: '½',
  in: 'in the text',
  out: 'not in it',
  law: (mean: number, spread: string) => `${mean} ± ${spread}`,
  above: (found: string, all: number) => `${found} of ${all.toLocaleString('en')} above ½`,
  axis: 'dot product',
  spread: (spread: string, active: number, dimensions: number) => `${spread} = √(${active} / ${dimensions.toLocaleString('en')})`,
  sum: (length: string, angle: number) => [`the sum: ${length} long,`, `${angle}° off each idea`],
  guesses: (n: number) => (n === 1 ? 'your one guess:' : `your ${n.toLocaleString('en')} guesses:`),
  average: (angle: number, n: number) => (n === 1 ? `${angle}°,` : `${angle}° on average,`),
  off: (miss: number, n: number) => (n === 1 ? `${miss}° off` : `about ${miss}° off`),
  briefly: (n: number, angle: number, miss: number) =>
    n === 1
      ? `your one guess: ${angle}°, ${miss}° off`
      : `your ${n.toLocaleString('en')} guesses: ${angle}°, about ${miss}° off`,
  spoken: (length: string, angle: number, dot: string) =>
    `An arrow of length ${length} at ${angle} degrees has the dot product ${dot}.`,
  spokenFound: (dimensions: number, found: string, active: number, mistaken: string, others: number) =>
    `In ${dimensions.toLocaleString('en')} dimensions, ${found} of ${active} ideas are found, and ${mistaken} of ${others.toLocaleString('en')} others by mistake.`,
};
