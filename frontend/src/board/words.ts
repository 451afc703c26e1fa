// What the board and the host's strip say. Apart from the other words, because phones never load it.
import { shown } from '../words';

export const words = {
  // The lobby
  joinAt: 'Join at',
  withCode: 'with the code',
  qrCode: 'QR code of the join address',
  waiting: 'Waiting for the first player',
  more: (n: number) => `and ${shown(n)} more`,
  locked: 'The door is closed',

  // A question
  join: 'Join:',
  question: 'Question',
  outOf: (rounds: number) => `of ${rounds}`,
  seconds: (n: number) => (n === 1 ? 'second' : 'seconds'),
  halfTime: (seconds: number) => `Half of the time is left: ${seconds} seconds`,
  typeIt: 'Type it on your phone',
  guessIt: 'Guess on your phone',
  orderIt: 'Put these in order on your phone',
  chooseSeveral: 'More than one may be right',
  answered: (n: number, players: number) => `${shown(n)} of ${shown(players)} have answered`,

  // A result
  timeIsUp: 'Time is up',
  right: 'Right',
  rightOrder: 'The right order',
  ofRight: (answered: number) => `of ${shown(answered)} right`,
  chose: (n: number) => ` ${n === 1 ? 'player' : 'players'} chose it`,
  alsoRight: 'Also right:',
  accepted: (texts: readonly string[]) => `Right: ${texts.join(', ')}`,
  rightNumber: (number: string) => `Right: ${number}`,
  within: (tolerance: string) => `± ${tolerance} counts`,
  guesses: (n: number) => `${shown(n)} ${n === 1 ? 'guess' : 'guesses'}`,
  median: (number: string) => `half of you said ${number} or less`,
  noGuesses: 'Nobody guessed this time',
  fastest: 'Fastest',
  fastestIn: (elapsedMs: number) => `${(elapsedMs / 1000).toFixed(1)} s`,

  // Standings and the podium
  standings: 'Standings',
  teams: 'Teams',
  points: (n: number) => shown(n),
  climbed: (places: number) => `up ${places}`,
  fell: (places: number) => `down ${places}`,
  members: (n: number) => `${shown(n)} ${n === 1 ? 'member' : 'members'}`,
  nobodyPlayed: 'Nobody played this round',
  teamMean: 'mean points of the members',
  wellPlayed: 'Well played',

  // The end
  roomOver: 'This room is over.',
  reloadToGoOn: 'This page is out of date. Load it again to go on.',
  ended: 'This room is closed',
  thanks: 'Thank you for playing.',

  // The host's strip
  start: 'Start',
  startAlone: 'You can start when the first player is in.',
  open: 'Open the question',
  close: 'Close now',
  explain: 'Show why',
  toStandings: 'Standings',
  nextQuestion: 'Next question',
  toPodium: 'Podium',
  autoplay: 'goes on by itself',
  lock: 'Close the door',
  unlock: 'Open the door',
  seats: 'Players',
  noSeats: 'Nobody is in yet. The code on the board lets them in.',
  present: (present: number, seats: number) =>
    present === seats ? `${shown(seats)} in` : `${shown(present)} of ${shown(seats)} connected`,
  find: 'Find a player',
  kick: 'Send away',
  kickNamed: (nickname: string) => `Send ${nickname} away`,
  kickSure: (nickname: string) => `Send ${nickname} away for good?`,
  keep: 'Keep',
  fullScreen: 'Full screen',
  leaveFullScreen: 'Leave full screen',
  projector: 'Projector page',
  results: 'Results',
  endRoom: 'End the room',
  endSure: 'End the room for everybody?',
  goOnPlaying: 'Go on playing',
  closeDrawer: 'Close the list',
  controls: 'Host controls',
  keyHint: 'Space or → moves on',
};
