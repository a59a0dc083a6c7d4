// How the banks are: the broken one first, with what to press; the others in a line.

import { html, icon, on } from '../dom.js';
import { post, remove } from '../api.js';
import { ageHTML, age } from '../format.js';
import { announce, expectNews, reading } from '../live.js';
import { connectBank } from '../link.js';
import { isAtLeast } from '../data.js';
import { t, refusalText } from '../texts.js';
import { askBank, canAskBank } from './askbank.js';
import { confirm } from './dialog.js';
import { toast } from './toast.js';

const needsPerson = ['needs_reauthentication', 'revoked', 'expiring'];
export const bankName = connection => connection.institution.name ?? t('the_bank');

const tone = connection => {
  switch (connection.state) {
    case 'healthy': return ['ok', 'check'];
    case 'pending': return ['busy', 'sync'];
    case 'degraded': case 'expiring': return ['warn', 'alert'];
    default: return ['bad', 'alert'];
  }
};

export const stateBadge = connection => {
  const [look, drawing] = tone(connection);
  return html`<span class="badge ${look}">${icon(drawing)}${t(`state.${connection.state}`)}</span>`;
};

export const banners = list => list.filter(each => needsPerson.includes(each.state) || each.state === 'misconfigured').map(each => html`
  <div class="banner ${each.state === 'expiring' ? 'warn' : 'bad'}">${icon('alert')}
    <div><strong>${t(`banner.${each.state}`, { bank: bankName(each) })}</strong> ${t('banner.since', { count: each.accounts, age: age(each.last_success_at) })}</div>
    ${needsPerson.includes(each.state) && isAtLeast('member') ? html`<button class="btn" type="button" data-repair="${each.id}" data-name="${bankName(each)}">${t(each.state === 'revoked' ? 'connect_again' : 'sign_in_again')}</button>` : ''}</div>`);

export const healthLine = list => html`<ul class="health muted">${list.map(each => html`<li><span class="badge ${tone(each)[0]}">${icon(tone(each)[1])}${bankName(each)}</span> <span class="xs">${each.state === 'pending' ? t('state.pending') : ageHTML(each.last_success_at)}</span></li>`)}</ul>`;

/** One connection with its buttons. */
export const connectionRow = each => html`
  <li class="stack tight conn" data-connection="${each.id}">
    <div class="spread"><span class="name clip">${bankName(each)}</span>${stateBadge(each)}</div>
    <p class="xs muted tells"><span>${t('connection.accounts', { count: each.accounts })} · ${t('connection.updated')} ${ageHTML(each.last_success_at)}</span>${each.simulated ? html`<span class="badge">${icon('spark')}${t('simulated')}</span>` : ''}</p>
    ${reading.has(each.id) ? html`<p class="xs muted" role="status">${icon('sync', 'spin')} ${t('connection.reading', { count: reading.get(each.id) })}</p>` : ''}
    ${each.message && each.state !== 'healthy' ? html`<p class="xs">${t(`state.${each.state}.words`)}</p>` : ''}
    ${isAtLeast('member') ? html`<div class="chips">
      ${needsPerson.includes(each.state) ? html`<button class="btn primary" type="button" data-repair="${each.id}" data-name="${bankName(each)}">${t('sign_in_again')}</button>` : ''}
      ${['healthy', 'degraded', 'pending', 'expiring'].includes(each.state) ? html`<button class="btn" type="button" data-sync="${each.id}" data-name="${bankName(each)}">${icon('sync')}${t('sync_now')}</button>` : ''}
      ${['healthy', 'degraded', 'expiring'].includes(each.state) && canAskBank() ? html`<button class="btn plain" type="button" data-ask="${each.id}" data-name="${bankName(each)}" aria-haspopup="dialog">${t('askbank.verb')}</button>` : ''}
      ${needsPerson.includes(each.state) ? '' : html`<button class="btn plain" type="button" data-repair="${each.id}" data-name="${bankName(each)}">${t('sign_in_again')}</button>`}
      <button class="btn plain quiet-danger" type="button" data-disconnect="${each.id}" data-name="${bankName(each)}" data-count="${each.accounts}">${t('disconnect')}</button></div>` : ''}
  </li>`;

/** What the buttons of this file do, wherever they stand. */
export function connectionButtons(root) {
  const ends = [
    on(root, 'click', '[data-repair]', (event, button) => connectBank({ repair: button.dataset.repair, name: button.dataset.name })),
    on(root, 'click', '[data-connect]', () => connectBank()),
    on(root, 'click', '[data-ask]', (event, button) => askBank(button.dataset.ask, button.dataset.name)),
    on(root, 'click', '[data-sync]', async (event, button) => {
      if (button.getAttribute('aria-busy')) return;
      button.setAttribute('aria-busy', 'true');
      expectNews(30);
      try {
        const answer = await post(`/v1/connections/${button.dataset.sync}/sync`, {});
        const counts = answer.counts;
        const news = counts ? counts.added + counts.changed + counts.removed : 0;
        toast(answer.outcome === 'applied' ? news ? t('sync.done', { bank: button.dataset.name, count: news }) : t('sync.nothing', { bank: button.dataset.name }) : t(`sync.${answer.outcome}`, { bank: button.dataset.name }));
        announce('connections');
      } catch (error) { toast(refusalText(error), { bad: true }); announce('connections'); } finally { button.removeAttribute('aria-busy'); }
    }),
    on(root, 'click', '[data-disconnect]', async (event, button) => {
      const bank = button.dataset.name;
      const isSure = await confirm({ title: t('disconnect.title', { bank }), words: t('disconnect.words', { count: Number(button.dataset.count) }), verb: t('disconnect') });
      if (!isSure) return;
      try {
        await remove(`/v1/connections/${button.dataset.disconnect}`);
        toast(t('disconnect.done', { bank }));
        announce('connections');
      } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); }
    }),
  ];
  return () => { for (const end of ends) end(); };
}

export const connectButton = (look = 'primary') => isAtLeast('member')
  ? html`<button class="btn ${look}" type="button" data-connect>${icon('plus')}${t('connect_bank')}</button>` : '';
