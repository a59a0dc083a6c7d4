// Nothing there yet, on its way, gone wrong: said in words, with the button that helps.

import { html, icon } from '../dom.js';
import { t, refusalText } from '../texts.js';

export const empty = ({ drawing = 'spark', title, words, action = '' }) =>
  html`<div class="empty">${icon(drawing)}<h3>${title}</h3>${words ? html`<p>${words}</p>` : ''}${action}</div>`;

/** Grey bars of the true size; shown only when it takes longer than a moment. */
export const skeleton = (rows = 4) =>
  html`<div class="stack late" aria-hidden="true">${Array.from({ length: rows }, (_, index) => html`<span class="skel sk${index % 4}"></span>`)}</div><p class="vh" role="status">${t('loading')}</p>`;

const isOurs = error => error.status !== undefined || error.code !== undefined;

export const errorCard = error => html`
  <section class="card" role="alert">
    <div class="banner bad">${icon('alert')}<div><strong>${t('cannot_show')}</strong> ${isOurs(error) ? refusalText(error) : t('problem.internal')}</div>
    <button class="btn" type="button" data-again>${t('try_again')}</button></div>
    ${error.requestID ? html`<details class="data"><summary>${t('bug_details')}</summary><p class="xs muted"><code>${error.code}</code> <code>${error.requestID}</code></p></details>` : ''}
  </section>`;
document.addEventListener('click', event => { if (event.target.closest('[data-again]')) dispatchEvent(new Event('redraw')); });

/** A line under a field. */
export const fieldError = (id, text) => html`<span class="error" id="${id}" role="alert">${text ? html`${icon('alert')}${text}` : ''}</span>`;
