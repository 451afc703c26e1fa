import '../base.css';

import { mount } from 'svelte';
import type { Phase } from '../protocol.gen';
import { enterRoom } from '../room.svelte';
import Remote from './Remote.svelte';

interface Desk {
  token: string;
  code: string;
  results_url: string;
  /** The phase that follows each round's result. */
  after_result?: Phase[];
}

const desk: Desk = JSON.parse(document.getElementById('desk')?.textContent ?? '');
const target = document.getElementById('app');
if (target) {
  mount(Remote, {
    target,
    props: {
      room: enterRoom('/ws/host/', { token: desk.token }),
      code: desk.code,
      resultsUrl: desk.results_url,
      afterResult: desk.after_result ?? [],
    },
  });
}
