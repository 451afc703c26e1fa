import type { Seat } from '../protocol.gen';

/** As many names as a board can show and a room can read. */
const MOST_NAMES = 120;

export interface Group {
  team: string | null;
  seats: Seat[];
}

/** The seats by team, the given teams first even if empty; one group without a name where there are none. */
export function groupedByTeam(seats: readonly Seat[], teams: readonly string[]): Group[] {
  const groups = new Map<string | null, Group>(teams.map((team) => [team, { team, seats: [] }]));
  for (const seat of seats) {
    const group = groups.get(seat.team) ?? { team: seat.team, seats: [] };
    group.seats.push(seat);
    groups.set(seat.team, group);
  }
  return [...groups.values()];
}

/** The newest seats of one of several groups, in the order they came, and how many more there are. */
export function newest(seats: readonly Seat[], groups: number): { seats: readonly Seat[]; more: number } {
  const most = Math.floor(MOST_NAMES / groups);
  return { seats: seats.slice(-most), more: Math.max(0, seats.length - most) };
}
