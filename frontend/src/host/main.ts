import '../base.css';

import { mount } from 'svelte';
import type { Phase } from '../protocol.gen';
import { enterRoom } from '../room.svelte';
import Host from './Host.svelte';

interface Desk {
  token: string;
  join_url: string;
  join_qr: string;
  screen_url: string;
  results_url: string;
  after_result: Phase[];
}

const desk: Desk = JSON.parse(document.getElementById('desk')?.textContent ?? '');
const target = document.getElementById('app');
if (target) {
  mount(Host, {
    target,
    props: {
      room: enterRoom('/ws/host/', { token: desk.token }),
      joinUrl: desk.join_url,
      joinQr: desk.join_qr,
      screenUrl: desk.screen_url,
      resultsUrl: desk.results_url,
      afterResult: desk.after_result,
    },
  });
}
