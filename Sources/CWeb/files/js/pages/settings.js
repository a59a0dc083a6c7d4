// Who am I here, who else is, and how do we get in? One section at a time.

import { can } from '../api.js';
import { html, render, find, icon } from '../dom.js';
import { isAtLeast } from '../data.js';
import { t } from '../texts.js';

/** What is here for this person at this server. */
const sectionsOffered = () => [['profile', 'user'], ['security', 'shield'], ['household', 'users'], ['sharing', 'eye'], ['connections', 'bank'], ['notifications', 'bell'], ...(can('GET /v1/rates') ? [['currencies', 'swap']] : []), ['keys', 'key'], ...(can('POST /v1/imports') ? [['import', 'up']] : []), ...(can('GET /v1/webhook-endpoints') && isAtLeast('admin') ? [['webhooks', 'bolt']] : []), ['data', 'server']];

export default async function mount(root, { params, keepsFocus }) {
  const sections = sectionsOffered();
  const isPhone = matchMedia('(max-width: 44rem)').matches;
  const wanted = sections.some(([name]) => name === params.section) ? params.section : null;
  const section = wanted ?? (isPhone ? null : 'profile');
  const menu = html`<nav class="subnav" aria-label="${t('place.settings')}"><ul>${sections.map(([name, drawing]) => html`<li><a href="/settings/${name}" ${name === section ? html`aria-current="page"` : ''}>${icon(drawing)}<span>${t(`settings.${name}`)}</span></a></li>`)}</ul></nav>`;
  render(root, html`<div class="head"><div>${isPhone && section ? html`<p class="s"><a href="/settings">${icon('left')} ${t('place.settings')}</a></p>` : ''}<h1>${section && isPhone ? t(`settings.${section}`) : t('place.settings')}</h1></div></div>
    <div class="settings">${isPhone && section ? '' : menu}<div class="stack section" id="section"></div></div>`);
  if (!section) return null;
  const module = await import(`../settings/${section}.js`);
  const end = await module.default(find('#section', root), { keepsFocus });
  return end ?? null;
}
