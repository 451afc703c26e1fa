// What tests start from.
import type { QuestionView, RoomSettings, RoundResult, Seat, Switches } from '../protocol.gen';

export const question: QuestionView = {
  kind: 'several_right',
  prompt: '',
  points: 1000,
  limit_ms: 20_000,
  options: ['up', 'ReLU', 'down'],
  scale: null,
  unit: '',
  per_option: false,
  body: '',
  image: null,
  rich: {},
};

export const result: RoundResult = {
  right: [],
  accepted: [],
  number: null,
  tolerance: 0,
  counts: [],
  guesses: [],
  words: [],
  players: 3,
  answered: 3,
  right_count: 1,
  fastest: null,
  first: null,
  rich: {},
};

export const settings: RoomSettings = {
  scoring: 'standard',
  streak_bonus: false,
  teams: 'none',
  team_names: [],
  team_score: 'mean',
  team_talk_s: 0,
  is_revoting: false,
  revote_talk_s: 60,
  late_join: true,
  approves_seats: false,
  has_second_code: false,
  has_roster: false,
  nicknames: 'typed',
  filters_nicknames: true,
  shuffles_options: false,
  has_standings: true,
  has_sounds: true,
  autoplay: false,
  get_ready_s: 3,
  result_s: 8,
  explanation_s: 20,
  standings_s: 6,
};

export const switches: Switches = { is_locked: false, has_standings: true, is_revoting: false, has_sounds: true };

export const seat = (nickname: string, team: string | null = null, members: string[] = []): Seat => ({
  player: nickname,
  nickname,
  team,
  members,
});
