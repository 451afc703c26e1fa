// What the quiz alone says.

const time = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;

export const words = {
  dunno: 'I don’t know',
  skip: 'Skip',
  goOn: 'Go on',
  finish: 'See the result',
  limit: (ms: number): string => `${time(ms / 1000)} in class`,
  isNew: 'new, made from the notes',
  wrong: 'Not yet',
  dunnoSaid: 'Here is the answer',
  part: (part: number): string => `${Math.round(100 * part)} % right`,
  noKey: 'There is no right answer here.',
  slow: 'The server is slow to reply. Your answer is kept.',
  offline: 'No connection. Your answer is kept here and sent when it is back.',
  gone: 'That wasn’t taken: a room may be playing this lesson now, or you are logged out. Load the page again.',
  picture: {
    loading: 'Drawing the picture…',
    failed: 'The picture didn’t come.',
    explore: (title: string): string => `Explore: ${title}`,
  },
  source: {
    title: 'From the notes',
    report: 'Not a good question',
    reported: 'Thank you. Whoever wrote this lesson will see it, and nobody is asked it any more.',
    failed: 'That wasn’t taken. Load the page again.',
  },
  result: {
    title: (right: number, scored: number): string => `${right} of ${scored} right`,
    titleUnscored: 'That was all',
    time: (ms: number): string => `You took ${time(Math.round(ms / 1000))}.`,
    missed: 'Again: only the missed',
    all: 'All once more',
    back: 'Back to the lesson',
    questions: 'Your answers',
    skipped: (questions: number): string =>
      questions === 1 ? 'One question stayed without an answer.' : `${questions} questions stayed without an answer.`,
  },
};
