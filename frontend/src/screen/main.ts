import '../base.css';

import { mount } from 'svelte';
import { enterRoom } from '../room.svelte';
import Screen from './Screen.svelte';

interface Desk {
  token: string;
  join_url: string;
  join_qr: string;
}

const desk: Desk = JSON.parse(document.getElementById('desk')?.textContent ?? '');
const target = document.getElementById('app');
if (target) {
  mount(Screen, {
    target,
    props: { room: enterRoom('/ws/screen/', { token: desk.token }), joinUrl: desk.join_url, joinQr: desk.join_qr },
  });
}
