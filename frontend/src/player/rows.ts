import type { Standing, TeamStanding } from '../protocol.gen';
import type { Room } from '../room.svelte';

export interface Row {
  name: string;
  points: number;
  rank: number;
  rank_before: number | null;
}

export function playerRow({ nickname, points, rank, rank_before }: Standing): Row {
  return { name: nickname, points, rank, rank_before };
}

/** This player's own row; null before a round was scored for it. */
export function ownRow({ seat, own }: Room): Row | null {
  if (seat === null || own === null) return null;
  return { name: seat.nickname, points: own.total, rank: own.rank, rank_before: own.rank_before };
}

/** The own team's row; null where nobody plays in teams. */
export function ownTeamRow({ seat }: Room, teams: TeamStanding[]): Row | null {
  return teams.find((team) => team.name === seat?.team) ?? null;
}
