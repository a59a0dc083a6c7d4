// A dialog in front of the page: the browser's own, so that focus stays in it and goes back afterwards.

import { element, find, html, icon, traceOf, unique } from '../dom.js';
import { t } from '../texts.js';

/**
 * Opens one. `body` is drawn into it by whoever opens it; closing tells `onClose`.
 * Gives { root, close }: root is the element for the content.
 */
export function openDialog({ title, wide = false, onClose } = {}) {
  const id = unique('dialog');
  const opener = document.activeElement;
  const trace = traceOf(opener);
  const dialog = element(html`
    <dialog class="dialog stack ${wide ? 'wide-dialog' : ''}" aria-labelledby="${id}">
      <div class="spread dialog-head"><div><span class="xs muted" data-step></span><h2 id="${id}" tabindex="-1">${title}</h2></div>
      <button class="btn icon plain" type="button" data-close aria-label="${t('close')}">${icon('x')}</button></div>
      <div class="stack" data-body></div>
    </dialog>`);
  document.body.append(dialog);
  let answer;
  const close = value => { answer = value; dialog.close(); };
  dialog.addEventListener('click', event => {
    if (event.target.closest('[data-close]') || event.target === dialog) close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    onClose?.(answer);
    const back = opener?.isConnected ? opener : trace && document.querySelector(trace);
    back?.focus({ preventScroll: true });
  });
  dialog.showModal();
  return {
    dialog, close, root: find('[data-body]', dialog),
    title(text, step = '') { find('h2', dialog).textContent = text; find('[data-step]', dialog).textContent = step; },
    focusTitle() { find('h2', dialog).focus(); },
  };
}

/** Asks before what cannot be taken back. `word`: to be typed first. */
export function confirm({ title, words, verb, danger = true, word }) {
  return new Promise(done => {
    const box = openDialog({ title, onClose: value => done(value === true) });
    box.root.innerHTML = html`
      <p class="s">${words}</p>
      ${word ? html`<div class="field"><label for="confirm-word">${t('type_to_confirm', { word })}</label><input class="input" id="confirm-word" autocomplete="off"></div>` : ''}
      <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button>
      <button class="btn ${danger ? 'danger' : 'primary'}" type="button" data-yes>${verb}</button></div>`.text;
    find('[data-yes]', box.root).addEventListener('click', () => {
      const typed = find('#confirm-word', box.root);
      if (typed && typed.value.trim() !== word) { typed.focus(); typed.setAttribute('aria-invalid', 'true'); return; }
      box.close(true);
    });
  });
}
