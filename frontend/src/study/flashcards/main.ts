import '../study.css';

import { mount } from 'svelte';
import { given } from '../api';
import type { Deck } from '../messages.gen';
import Flashcards from './Flashcards.svelte';
import { Practice } from './practice.svelte';

const target = document.getElementById('app');
if (target) mount(Flashcards, { target, props: { practice: new Practice(given<Deck>('deck')) } });
