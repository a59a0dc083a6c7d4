// The pages before one is in: a form on the left, what Magpie is on the right.

import { html, icon } from '../dom.js';
import { mark } from '../icons.js';
import { t } from '../texts.js';

export const frame = content => html`<div class="split">
  <main id="main" tabindex="-1"><div class="form stack">${html`<a class="brand" href="/">${mark()}<span>Magpie</span></a>`}${content}</div></main>
  <aside class="panel"><svg class="wing" viewBox="0 0 600 900" preserveAspectRatio="xMaxYMax slice" aria-hidden="true"><defs><linearGradient id="wing" x1="0" y1="1" x2="1" y2="0"><stop offset="0" stop-color="#6a57b8"/><stop offset=".5" stop-color="#0a86a4"/><stop offset="1" stop-color="#2f9a68"/></linearGradient></defs><path d="M120 900C200 640 380 460 640 400v500z" fill="url(#wing)" opacity=".55"/><path d="M260 900c60-190 190-320 380-380v380z" fill="url(#wing)" opacity=".6"/><path d="M400 900c40-110 120-200 240-250v250z" fill="url(#wing)" opacity=".7"/></svg>
    <div class="brand">${mark()}<span>Magpie</span></div>
    <ul class="stack">${['home', 'lock', 'undo'].map((drawing, index) => html`<li>${icon(['server', 'lock', 'undo'][index])}<div><strong>${t(`panel.${index}`)}</strong><p>${t(`panel.${index}.words`)}</p></div></li>`)}</ul>
  </aside></div>`;
