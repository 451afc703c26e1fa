// What the frame of every picture says. Each drawing has its words in the file of its name beside this one,
// apart from the other pages' words, because they load with the picture.
export const words = {
  checks: 'Measured against theory',
  measured: 'measured',
  theory: 'theory',
  held: (theory: string) => `(theory ${theory})`,
  disagree: 'measured and theory don’t agree',
  source: (source: string) => `Source: ${source}`,
  missing: 'The picture couldn’t be loaded. This is what it shows:',
  tryAgain: 'Try again',
  computing: 'The server computes this anew…',
  busy: 'The server is busy with other pictures. Turn the knob again in a moment.',
  unreachable: 'The server can’t be reached. Turn the knob again when you are back online.',
  votes: 'You voted',
};
