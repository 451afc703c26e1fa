import '../study.css';

import { mount } from 'svelte';
import { given } from '../api';
import type { RunView } from '../messages.gen';
import Quiz from './Quiz.svelte';
import { Run } from './run.svelte';

mount(Quiz, {
  target: document.getElementById('app') ?? document.body,
  props: { run: new Run(given<RunView>('run')) },
});
