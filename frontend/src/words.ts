// Every sentence the browser says; a number in one is a function's argument. English is the source.

import type { Reason } from './protocol.gen';

export const words = {
  letter: (index: number): string => 'ABCDEF'.charAt(index),
  points: (points: number): string => counted(points, 'point'),
  players: (players: number): string => counted(players, 'player'),
  secondsLeft: (seconds: number): string => `${counted(seconds, 'second')} left`,

  refusals: {
    nickname_empty: 'Type a nickname first. It needs at least one letter or digit.',
    nickname_too_long: 'That is longer than 20 characters. Try a shorter one.',
    nickname_taken: 'Somebody here has that nickname already. Try another.',
    nickname_unfit: 'That nickname isn’t one for a classroom. Try another.',
    members_unfit: 'Name everybody in your team, each with a name of their own.',
    second_code_wrong: 'Those letters aren’t on the projector now. Look again: they change every few seconds.',
    personal_code_wrong: 'No seat has that code. Check it letter by letter, or ask your teacher.',
    clock_paused: 'The clock stands. Wait until it goes on.',
    no_clock: 'There is no clock to change now.',
    not_over: 'Look back when the game is over.',
    team_unknown: 'Choose one of the teams.',
    room_full: 'This room is full. Ask your teacher to open another.',
    room_locked: 'Your teacher has closed the door of this room.',
    room_over: 'This game is over.',
    not_asking: 'The question isn’t open.',
    wrong_round: 'That question is over. Your answer wasn’t counted.',
    too_late: 'The bell was faster. Your answer wasn’t counted.',
    answer_unfit: 'That can’t be an answer to this question. Try again.',
    already_answered: 'Your first answer counts.',
    no_such_player: 'That player has left.',
    moved_already: 'The room has moved on already.',
    knobs_unfit: 'These knobs don’t go together. The picture stays as it is.',
    try_again: 'That didn’t go through. Try again.',
  } satisfies Record<Reason, string>,

  image: {
    enlarge: 'Show it large',
    large: 'The picture, large',
    close: 'Tap to close',
  },

  connection: {
    connecting: 'Connecting…',
    lost: 'No connection. Trying again…',
    crowded: 'Many are at the door. You’ll be in soon…',
    reload: 'Load again',
    anotherCode: 'Type another code',
    endings: {
      malformed: {
        title: 'This page is out of date',
        text: 'Load it again to go on. Your seat and points are kept.',
      },
      no_seat: {
        title: 'This seat is no longer yours',
        text: 'Load the page again to take a new one.',
      },
      kicked: { title: 'You were sent away', text: 'The host has taken you out of this room.' },
      no_such_room: {
        title: 'There is no such room',
        text: 'It may be over, or a digit may be wrong. The code is on the projector.',
      },
      taken_over: {
        title: 'You are playing elsewhere',
        text: 'Your seat is open in a newer tab or window. Go on there, or take it back here.',
      },
    },
    takeBack: 'Play here',
  },

  door: {
    title: (code: string): string => `Room ${code.slice(0, 3)} ${code.slice(3)}`,
    nickname: 'Your nickname',
    hint: 'Up to 20 characters. Everybody in the room sees it.',
    chooseNickname: 'Choose a nickname',
    others: 'Others',
    chooseFirst: 'Choose one of the nicknames first.',
    team: 'Your team',
    teamName: 'Your team’s name',
    teamNameFirst: 'Type a name for your team first. It needs at least one letter or digit.',
    members: 'Who shares this phone?',
    member: (place: number): string => `Name ${place}`,
    addMember: 'Add a name',
    removeMember: (place: number): string => `Remove name ${place}`,
    personalCode: 'Your personal code',
    codeFirst: 'Type your code first.',
    rosterHint: 'Your teacher has it. Your name comes with it.',
    returnHint: 'Ask your teacher for it. You go on where you were.',
    wasHere: 'I was here before, on another phone',
    isNew: 'I am new here',
    next: 'Next',
    back: 'Back',
    join: 'Join',
    secondCode: 'Tap what the board shows',
    secondCodeHint: 'Four shapes, from left to right. They change every few seconds.',
    tapped: (letters: string): string => (letters === '' ? 'Nothing tapped yet' : `Tapped: ${[...letters].join(', ')}`),
    backspace: 'Take back',
    clear: 'Clear',
  },

  waiting: {
    title: 'Your teacher lets you in in a moment',
    text: 'Leave this page open.',
  },

  lobby: {
    title: 'You’re in',
    find: 'Find your name on the board. The game starts when the host starts it.',
    findTeam: 'Find your team on the board. The game starts when the host starts it.',
    members: (names: string[]): string => `With ${lists.format(names)}`,
  },

  question: {
    getReady: 'Get ready',
    round: (round: number, rounds: number): string => `Question ${round + 1} of ${rounds}`,
    double: 'Double points',
    practice: 'For practice, no points',
    blank: 'blank',
    options: 'Answers',
    several: 'Choose all that are right',
    perOption: 'Right ones count, wrong ones take away',
    typed: 'Your answer',
    cloud: 'A word or two',
    guess: 'Your guess',
    number: 'Your number',
    sign: 'Change the sign',
    readAs: (number: string): string => `Read as ${number}`,
    notANumber: 'That isn’t a number yet.',
    order: 'Tap the steps in their order',
    place: (place: number): string => `number ${place}`,
    less: 'Less',
    more: 'More',
    to: 'to',
    send: 'Send',
    sent: 'sent',
    accepted: 'in',
    isSent: 'Your answer is on its way.',
    isAccepted: 'Your answer is in.',
    isVoteSent: 'Your vote is on its way.',
    isVoteIn: 'Your vote is in.',
    talkInTeam: 'Talk it over in your team',
    talkThenVote: 'Talk to your neighbours: then vote again',
    voteAgain: 'Vote again',
    stands: 'The clock stands',
    goesOn: 'Your teacher goes on in a moment.',
    halfTime: 'Half the time is left.',
  },

  result: {
    right: 'Right',
    close: 'Close',
    partlyRight: 'Partly right',
    wrong: 'Not this time',
    unanswered: 'No answer from you',
    missed: 'You came in after this question',
    voted: 'What you all think',
    cloud: 'What came to your minds',
    nobody: 'Nobody answered',
    votes: (votes: number): string => counted(votes, 'vote'),
    times: (count: number): string => counted(count, 'time'),
    votedShare: (answered: number, players: number): string => `${answered} of ${players} answered`,
    earned: (points: number): string => `+${shown(points)}`,
    bonus: (points: number): string => `${shown(points)} of them for your streak`,
    streak: (rights: number): string => `${rights} right in a row`,
    rightAnswer: 'Right answer',
    rightAnswers: 'Right answers',
    rightOrder: 'Right order',
    yours: 'Your answer',
    diff: { missing: 'missing', extra: 'too much' },
    within: (tolerance: string): string => `within ${tolerance} counts as right`,
    share: (right: number, answered: number): string =>
      answered === 0 ? 'Nobody answered' : `${right} of ${answered} got it right`,
    gain: (before: number, after: number): string =>
      `Right before you talked: ${percents.format(before)}. After: ${percents.format(after)}.`,
    place: (rank: number): string => `Place ${rank}`,
    team: (name: string, rank: number): string => `${name}: place ${rank},`,
    up: (places: number): string => `up ${places}`,
    down: (places: number): string => `down ${places}`,
    same: 'as before',
  },

  review: {
    open: 'Look back',
    title: 'Looking back',
    close: 'Back',
    loading: 'Fetching your answers…',
    offline: 'No connection. Your answers come when it is back.',
    failed: 'The page of your answers didn’t load. Try again.',
    late: 'You joined at the end: there is nothing to look back on.',
    missedOnly: 'Only what I missed',
    nothingMissed: 'You missed nothing. Well done.',
    question: (round: number): string => `Question ${round + 1}`,
    explore: (title: string): string => `Explore: ${title}`,
    newTab: 'opens in a new tab',
  },

  explanation: {
    loading: 'Drawing the picture…',
    failed: 'The picture didn’t load. It is on the projector too.',
    answer: 'Answer:',
  },

  standings: {
    title: 'Standings',
    you: 'you',
    yourTeam: 'your team',
    players: 'Players',
    teams: 'Teams',
    ofPlayers: (rank: number, players: number): string => `Place ${rank} of ${players}`,
    podium: 'Final standings',
    won: 'You won',
    onPodium: 'You are on the podium',
    finished: 'Well played',
  },

  ended: {
    title: 'The game is over',
    points: (points: number): string => `You have ${counted(points, 'point')}`,
    text: 'Thank you for playing.',
  },
};

/** A number as it is read: 4,120. */
export function shown(value: number): string {
  return numbers.format(value);
}

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const lists = new Intl.ListFormat('en');
const plurals = new Intl.PluralRules('en');

function counted(n: number, noun: string): string {
  return `${shown(n)} ${noun}${plurals.select(n) === 'one' ? '' : 's'}`;
}
