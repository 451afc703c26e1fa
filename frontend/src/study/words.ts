// What all study modes say in the browser; each mode's own words stand beside it.
export const words = {
  progress: (done: number, total: number) => `${done} of ${total} done`,
  diff: {
    missing: 'missing',
    extra: 'too much',
  },
  failed: 'That didn’t reach the server. Check the connection and try again.',
};
