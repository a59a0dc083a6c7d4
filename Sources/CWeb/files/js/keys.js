// Keys that work on every page. Single letters never act inside a field, and can be switched off in the settings.

import { find } from './dom.js';
import { choice } from './store.js';
import { togglePrivacy } from './shell.js';

const places = { o: '/', a: '/accounts', t: '/transactions', c: '/cash-flow', b: '/budgets', r: '/reports', s: '/settings', y: '/activity' };
let isGoing = 0;

export const isTyping = event => event.target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]') !== null;

export function addKeys(go) {
  document.addEventListener('keydown', async event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      (await import('./ui/palette.js')).openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || choice.get('letters') === 'off') return;
    if (document.querySelector('dialog[open]')) return;
    if (Date.now() - isGoing < 1500 && places[event.key]) { isGoing = 0; event.preventDefault(); go(places[event.key]); return; }
    if (event.key === 'g') isGoing = Date.now();
    else if (event.key === '/') {
      const field = find('[data-search]');
      if (field) { event.preventDefault(); field.focus(); }
    } else if (event.key === 'h') togglePrivacy();
    else if (event.key === '?') (await import('./ui/palette.js')).openKeys();
  });
}
