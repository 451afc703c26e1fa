import './podcast.css';

import { mount } from 'svelte';
import { given } from '../api';
import type { Podcast } from '../messages.gen';
import Keep from './Keep.svelte';
import { Player } from './player.svelte';
import PodcastPlayer from './Podcast.svelte';
import { listenToDevice } from './session';
import { clock } from './timeline';
import { Contents, Transcript } from './transcript';
import { words } from './words';

const podcast = given<Podcast>('podcast');
const target = document.getElementById('player');
const root = document.querySelector<HTMLElement>('.transcript');
if (target && root) {
  const audio = document.querySelector('audio') ?? new Audio();
  audio.controls = false; // the player has its own

  const transcript = new Transcript(root, () => {
    player.isFollowing = false;
  });
  const player = new Player(podcast, transcript.lines, audio);
  transcript.enable(
    ({ speaker }, turn) => words.playFrom(speaker.toUpperCase(), clock(player.turns[turn]?.start ?? 0)),
    (turn) => player.playTurn(turn),
  );
  const contents = new Contents((turn) => player.playTurn(turn));

  const voice = document.querySelector('.voice');
  const tell = (text: string) => {
    if (voice) voice.textContent = text;
  };
  mount(PodcastPlayer, { target, props: { player, transcript, contents, title: podcast.title, tell } });
  listenToDevice(player);

  const place = document.querySelector('.keep');
  if (place && podcast.recorded.state === 'recorded' && navigator.serviceWorker) {
    mount(Keep, { target: place, props: { audio: podcast.recorded.audio } });
  }
}
