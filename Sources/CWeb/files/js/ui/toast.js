// A line at the foot of the page: what was done, and how to take it back. Goes by itself, but waits while it is looked at.

import { element, html, icon, find, say } from '../dom.js';
import { t } from '../texts.js';

const life = 8_000;

/** `more`: further buttons, [{ verb, action }]. */
export function toast(text, { action, verb, bad = false, more = [] } = {}) {
  const place = document.getElementById('toasts');
  const node = element(html`<div class="toast ${bad ? 'bad' : ''}">${bad ? icon('alert') : ''}<span class="grow">${text}</span>
    ${action ? html`<button class="btn" type="button" data-act>${verb ?? t('undo')}</button>` : ''}${more.map((each, index) => html`<button class="btn" type="button" data-more-act="${index}">${each.verb}</button>`)}
    <button class="btn icon" type="button" data-gone aria-label="${t('dismiss')}">${icon('x')}</button></div>`);
  place.append(node);
  while (place.children.length > 3) place.firstElementChild.remove();
  say(text);
  let timer;
  const begin = () => { clearTimeout(timer); timer = setTimeout(() => node.remove(), life); };
  const pause = () => clearTimeout(timer);
  node.addEventListener('pointerenter', pause);
  node.addEventListener('pointerleave', begin);
  node.addEventListener('focusin', pause);
  node.addEventListener('focusout', begin);
  find('[data-gone]', node).addEventListener('click', () => node.remove());
  find('[data-act]', node)?.addEventListener('click', () => { node.remove(); action(); });
  for (const [index, each] of more.entries()) find(`[data-more-act="${index}"]`, node).addEventListener('click', () => { node.remove(); each.action(); });
  begin();
  return () => node.remove();
}
