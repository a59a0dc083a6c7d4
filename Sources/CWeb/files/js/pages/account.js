// What does this account hold, and what went through it?

import { put } from '../api.js';
import { html, render, find, icon, on } from '../dom.js';
import { accounts, connections } from '../data.js';
import { moneyHTML, ageHTML, dayHead, size, percent, isNegative, isHidden } from '../format.js';
import { readFilter } from '../filter.js';
import { onChange } from '../live.js';
import { readFiling } from '../filing.js';
import { t, refusalText } from '../texts.js';
import { connectionButtons, stateBadge, banners } from '../ui/health.js';
import { VirtualList } from '../ui/list.js';
import { transactionRow, shareBar } from '../ui/rows.js';
import { empty } from '../ui/states.js';
import { toast } from '../ui/toast.js';
import { source } from './transactions.js';

export default async function mount(root, { params }) {
  const controller = new AbortController();
  let [list, banks] = await Promise.all([accounts(), connections(), readFiling()]);
  let account = list.find(each => each.id === params.id);
  if (!account) {
    render(root, html`<div class="head"><h1>${t('account')}</h1></div><section class="card">${empty({ drawing: 'bank', title: t('account.missing'), action: html`<a class="btn primary" href="/accounts">${t('place.accounts')}</a>` })}</section>`);
    return null;
  }
  const head = () => {
    const bank = banks.find(each => each.id === account.connection);
    const { current, available, limit } = account.balance;
    const used = limit && current && size(limit) > 0 ? Math.max(0, -size(current)) / size(limit) : null;
    return html`<div class="head"><div><p class="s"><a href="/accounts">${icon('left')} ${t('place.accounts')}</a></p><h1>${account.name}</h1>
      <p class="s muted">${[account.institution, t.has(`kind.${account.kind}`) ? t(`kind.${account.kind}`) : account.subtype, account.mask ? `··${account.mask}` : ''].filter(Boolean).join(' · ')}</p></div></div>
      ${bank ? banners([bank]) : ''}
      <div class="grid"><section class="card w8" aria-labelledby="balance-h"><header><h2 id="balance-h">${t(current && isNegative(current) ? 'account.owed' : 'account.balance')}</h2><span class="s muted">${ageHTML(account.balance.as_of)}</span></header>
        ${moneyHTML(current, { big: true })}
        ${used === null ? '' : html`<div class="stack tight"><span class="s muted">${t('account.used', { part: isHidden() ? '•••' : percent(used) })} ${moneyHTML(limit)}</span>${isHidden() ? '' : shareBar(used, used > 0.9 ? 'bad' : used > 0.5 ? 'warn' : '', t('account.used', { part: percent(used) }))}</div>`}
        ${account.no_longer_sent_at ? html`<div class="banner warn">${icon('alert')}<div>${t('account.gone_words')}</div></div>` : ''}</section>
      <section class="card w4" aria-labelledby="facts-h"><header><h2 id="facts-h">${t('account.about')}</h2></header><dl class="facts">
        ${available ? html`<dt>${t('account.available')}</dt><dd>${moneyHTML(available)}</dd>` : ''}
        ${limit ? html`<dt>${t('account.limit')}</dt><dd>${moneyHTML(limit)}</dd>` : ''}
        <dt>${t('account.currency')}</dt><dd>${account.currency}</dd>
        ${account.official_name ? html`<dt>${t('account.official')}</dt><dd>${account.official_name}</dd>` : ''}
        ${bank ? html`<dt>${t('bank')}</dt><dd>${stateBadge(bank)}</dd>` : ''}</dl>
        <div class="field"><label for="sharing">${t('account.sharing')}</label><select class="input" id="sharing">${account.sharing ? '' : html`<option value="" selected>${t('sharing.choose')}</option>`}${['full', 'balances', 'hidden'].map(level => html`<option value="${level}" ${level === account.sharing ? html`selected` : ''}>${t(`sharing.${level}`)}</option>`)}</select><span class="hint">${t('account.sharing_hint')}</span></div>
        ${bank ? html`<div class="chips"><button class="btn" type="button" data-sync="${bank.id}" data-name="${bank.institution.name}">${icon('sync')}${t('sync_now')}</button></div>` : ''}</section></div>`;
  };
  render(root, html`<div id="account-head" class="stack">${head()}</div>
    <section class="card flush vcard" aria-labelledby="rows-h"><header class="spread"><h2 id="rows-h">${t('place.transactions')}</h2><a class="s" href="/transactions?account=${account.id}">${t('account.search')}</a></header><div class="wrap" id="list"></div></section>`);
  const rows = new VirtualList(find('#list', root), {
    load: source({ ...readFilter(new URLSearchParams()), accounts: [account.id] }, () => controller.signal),
    rowHTML: row => transactionRow(row, { href: `/transactions?account=${account.id}&tx=${row.id}` }),
    headHTML: day => html`<h3 class="s"><time datetime="${day}">${dayHead(day)}</time></h3>`,
    emptyHTML: () => empty({ drawing: 'list', title: t('account.no_rows'), words: t('account.no_rows_words') }),
  });
  const ends = [
    connectionButtons(root),
    on(root, 'change', '#sharing', async (event, select) => {
      if (!select.value) return;
      try {
        await put(`/v1/accounts/${account.id}/sharing`, { level: select.value });
        toast(t('sharing.done', { name: account.name, level: t(`sharing.${select.value}`) }));
      } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); }
    }),
    onChange(async change => {
      if (!['accounts', 'connections', 'resync'].includes(change.kind)) return;
      [list, banks] = await Promise.all([accounts(), connections()]);
      account = list.find(each => each.id === params.id) ?? account;
      render(find('#account-head', root), head());
    }),
  ];
  await rows.more();
  return () => { controller.abort(); rows.end(); for (const end of ends) end(); };
}

