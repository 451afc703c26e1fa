// What the worker itself says, in the frame of a page that is on its way.
export const words = {
  onItsWay: 'On its way …',
  offline: 'This page needs the network, and there is none just now. Try again when you are back online.',
  again: 'Try again',
  lesson: 'Read the lesson',
};
