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

  connection: {
    connecting: 'Connecting…',
    lost: 'No connection. Trying again…',
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
    team: 'Your team',
    join: 'Join',
  },

  lobby: {
    title: 'You’re in',
    find: 'Find your name on the board. The game starts when the host starts it.',
  },

  question: {
    getReady: 'Get ready',
    round: (round: number, rounds: number): string => `Question ${round + 1} of ${rounds}`,
    double: 'Double points',
    practice: 'For practice, no points',
    blank: 'blank',
    options: 'Answers',
    several: 'Choose all that are right',
    typed: 'Your answer',
    guess: 'Your guess',
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
    halfTime: 'Half the time is left.',
  },

  result: {
    right: 'Right',
    wrong: 'Not this time',
    unanswered: 'No answer from you',
    missed: 'You came in after this question',
    earned: (points: number): string => `+${shown(points)}`,
    bonus: (points: number): string => `${shown(points)} of them for your streak`,
    streak: (rights: number): string => `${rights} right in a row`,
    rightAnswer: 'Right answer',
    rightAnswers: 'Right answers',
    rightOrder: 'Right order',
    yours: 'Your answer',
    within: (tolerance: string): string => `within ${tolerance} counts as right`,
    share: (right: number, answered: number): string =>
      answered === 0 ? 'Nobody answered' : `${right} of ${answered} got it right`,
    place: (rank: number): string => `Place ${rank}`,
    up: (places: number): string => `up ${places}`,
    down: (places: number): string => `down ${places}`,
    same: 'as before',
  },

  explanation: {
    loading: 'Drawing the picture…',
    failed: 'The picture didn’t load. It is on the projector too.',
    answer: (text: string): string => `Answer: ${text}`,
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
    text: 'Thank you for playing.',
  },
};

/** A number as it is read: 4,120. */
export function shown(value: number): string {
  return numbers.format(value);
}

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const plurals = new Intl.PluralRules('en');

function counted(n: number, noun: string): string {
  return `${shown(n)} ${noun}${plurals.select(n) === 'one' ? '' : 's'}`;
}
