// What spaced repetition says in the browser.

const date = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export const words = {
  study: 'Your study page',
  lessons: 'All lessons',
  counts: { new: 'new', learning: 'learning', due: 'due' },
  front: 'Question',
  back: 'Answer',
  show: 'Show answer',
  yourAnswer: 'Your answer',
  yourNumber: 'Your number',
  typed: { right: 'You typed it right', wrong: 'You typed' },
  right: 'right',
  rightOrder: 'The right order',
  from: (low: string, high: string) => `Between ${low} and ${high}`,
  within: (tolerance: string) => `Within ${tolerance} counts as right`,
  alsoAccepted: (texts: string) => `Also right: ${texts}`,
  picture: 'The picture',
  notes: 'In the notes',
  ratings: ['Again', 'Hard', 'Good', 'Easy'],
  rate: 'How did it go?',
  comesBack: (after: string) => `comes back in ${after}`,
  suggested: 'suggested by what you typed',
  menu: 'More for this card',
  undo: 'Undo',
  bury: 'Not today',
  suspend: 'Set aside',
  page: 'About this card',
  buried: 'That card comes again tomorrow at the earliest.',
  suspended: 'That card is set aside and doesn’t come again.',
  bringBack: 'Bring it back',
  undone: 'Your last rating is taken back.',
  offline: 'No connection. Your rating is kept and goes out as soon as the server answers.',
  readNotes: (title: string) => `Read “${title}”`,
  done: 'Done for today',
  pause: 'A short pause',
  nothing: 'Nothing to review',
  tally: (done: number, known: number) =>
    done === 1
      ? `You reviewed one card today and ${known === 1 ? 'knew it' : 'didn’t know it yet'}.`
      : `You reviewed ${done} cards today and knew ${known === done ? 'all of them' : known}.`,
  next: (at: Date, inMs: number): string => {
    const minutes = Math.ceil(inMs / 60_000);
    const now = new Date(at.getTime() - inMs);
    if (minutes <= 1) return 'The next card comes in a minute.';
    if (minutes < 60) return `The next card comes in ${minutes} minutes.`;
    if (at.toDateString() === now.toDateString() && at.getHours() > 4) return `The next card comes at ${time.format(at)}.`;
    return `The next card comes on ${date.format(at)}.`;
  },
  moreNew: (count: number) =>
    count === 1 ? 'One more new card waits for another day.' : `${count} more new cards wait for other days.`,
  nothingHere: 'No card of this lesson waits for you.',
  nothingBegun: 'You have begun no lesson yet. Choose one, and its cards come back here when it is time.',
  logIn: 'Log in to review all cards of this lesson',
  after: (seconds: number): string => {
    const [minute, day] = [60, 86_400];
    if (seconds < 60 * minute) return `${short(seconds / minute)} min`;
    if (seconds < day) return `${short(seconds / (60 * minute))} h`;
    const days = Math.round(seconds / day);
    if (days < 31) return `${days} d`;
    if (days < 365) return `${short(days / 30.44)} mo`;
    return `${short(days / 365.25)} y`;
  },
};

function short(number: number): string {
  return String(Number(number.toFixed(1)));
}
