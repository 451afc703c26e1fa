// What the pictures say in the browser. Apart from the other words, because it loads with a picture.
export const words = {
  frame: {
    checks: 'Measured against theory',
    measured: (name: string, got: string, want: string) => `${name}: measured ${got}, theory ${want}`,
    disagrees: 'measured and theory don’t agree',
    source: (source: string) => `Source: ${source}`,
    missing: 'The picture couldn’t be loaded. This is what it shows:',
    tryAgain: 'Try again',
  },
};
