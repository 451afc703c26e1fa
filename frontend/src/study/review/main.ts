import '../study.css';

import { mount } from 'svelte';
import { given } from '../api';
import Review from './Review.svelte';
import { Session, type Given } from './session.svelte';

const session = new Session(given<Given>('review'));
mount(Review, { target: document.getElementById('app') ?? document.body, props: { session } });
