// The device's own controls: the lock screen, a headset's buttons, a keyboard's media keys.

import { BACK_MS, ON_MS, type Player } from './player.svelte';

export function listenToDevice(player: Player): void {
  if (!('mediaSession' in navigator)) return;
  const actions: [MediaSessionAction, (details: MediaSessionActionDetails) => void][] = [
    ['play', () => player.play()],
    ['pause', () => player.pause()],
    ['seekbackward', () => player.seek(player.at_ms - BACK_MS)],
    ['seekforward', () => player.seek(player.at_ms + ON_MS)],
    ['previoustrack', () => player.goToChapter(-1)],
    ['nexttrack', () => player.goToChapter(1)],
    ['seekto', ({ seekTime }) => seekTime !== undefined && player.seek(seekTime * 1000)],
  ];
  for (const [action, act] of actions) {
    try {
      navigator.mediaSession.setActionHandler(action, act);
    } catch {
      // A browser that hasn't heard of it.
    }
  }
}

export function tellDevice(player: Player, lesson: string): void {
  if (!('mediaSession' in navigator)) return;
  const { mediaSession } = navigator;
  const title = player.chapter?.title ?? lesson;
  if (mediaSession.metadata?.title !== title) {
    mediaSession.metadata = new MediaMetadata({
      title,
      album: lesson,
      artist: player.recorded.voice,
      artwork: [{ src: '/static/podcast-cover.png', sizes: '1400x1400', type: 'image/png' }],
    });
  }
  mediaSession.playbackState = player.isPlaying ? 'playing' : 'paused';
  if (player.total_ms > 0) {
    mediaSession.setPositionState?.({
      duration: player.total_ms / 1000,
      position: Math.min(player.at_ms, player.total_ms) / 1000,
      playbackRate: player.speed,
    });
  }
}
