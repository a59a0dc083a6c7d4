// Where am I? Nothing is at this address.

import { html, render } from '../dom.js';
import { t } from '../texts.js';
import { empty } from '../ui/states.js';

export default function mount(root) {
  render(root, html`<div class="head"><h1>${t('missing.title')}</h1></div><section class="card">${empty({ drawing: 'search', title: t('missing.words'), action: html`<a class="btn primary" href="/">${t('place.overview')}</a>` })}</section>`);
  return null;
}
