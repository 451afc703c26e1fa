/** A player's own chalk, the same on the phone and the board. */
export function ownColour(player: string): string {
  let mixed = 0;
  for (let i = 0; i < player.length; i += 1) mixed = (mixed * 31 + player.charCodeAt(i)) % 360;
  return `oklch(84% 0.11 ${mixed})`;
}
