import '../base.css';

import { mount } from 'svelte';
import { enterRoom } from '../room.svelte';
import type { Desk } from './desk';
import Host from './Host.svelte';

const desk: Desk = JSON.parse(document.getElementById('desk')?.textContent ?? '');
const target = document.getElementById('app');
if (target) mount(Host, { target, props: { room: enterRoom('/ws/host/', { token: desk.token }), desk } });
