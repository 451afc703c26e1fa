import '../base.css';
import './player.css';

import { mount } from 'svelte';
import { enterRoom } from '../room.svelte';
import { keeperOf } from './keeper';
import Phone from './Phone.svelte';

const { code } = doorOf(document.getElementById('door')?.textContent ?? '');
const room = enterRoom(`/ws/play/${code}/`, keeperOf(code));
mount(Phone, { target: document.getElementById('app') ?? document.body, props: { room, code } });

function doorOf(json: string): { code: string } {
  return JSON.parse(json);
}
