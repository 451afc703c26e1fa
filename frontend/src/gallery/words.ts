// What the gallery's pages say in the browser.
export const words = {
  enlarge: 'Full screen',
  shrink: 'Close',
  numbers: 'Numbers (JSON)',
  svg: 'Picture (SVG)',
  png: 'Picture (PNG)',
  measured: (name: string, got: string, want: string) => `${name}: measured ${got}, theory ${want}`,
  source: (source: string) => `Source: ${source}`,
  notSaved: 'The picture couldn’t be saved. Try another browser, or take the numbers.',
};
