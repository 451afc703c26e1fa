import '../study.css';

import { mount } from 'svelte';
import { given } from '../api';
import type { ChatView } from '../messages.gen';
import Chat from './Chat.svelte';
import { Conversation } from './conversation.svelte';

const target = document.getElementById('app');
if (target) mount(Chat, { target, props: { conversation: new Conversation(given<ChatView>('chat')) } });
