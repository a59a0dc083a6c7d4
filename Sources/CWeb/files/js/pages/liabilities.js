// What is owed, to whom, and how much of the credit is used?

import { html, render } from '../dom.js';
import { accounts } from '../data.js';
import { moneyHTML, size, percent, sum, isHidden, ageHTML } from '../format.js';
import { onChange } from '../live.js';
import { t } from '../texts.js';
import { connectButton, connectionButtons } from '../ui/health.js';
import { groupOfKind, shareBar } from '../ui/rows.js';
import { empty } from '../ui/states.js';

export default async function mount(root) {
  const paint = async () => {
    const list = (await accounts()).filter(each => ['cards', 'loans'].includes(groupOfKind(each.kind)));
    const currencies = [...new Set(list.map(each => each.currency))];
    render(root, html`<div class="head"><div><h1>${t('place.liabilities')}</h1><p class="s muted">${t('liabilities.words')}</p></div></div>
      ${list.length ? html`${currencies.map(currency => {
        const owed = list.filter(each => each.currency === currency && each.balance.current).map(each => each.balance.current);
        return html`<section class="card" aria-label="${t('liabilities.total')}"><dl class="totals"><div><dt>${t('liabilities.total')}</dt><dd>${moneyHTML(sum(owed, currency))}</dd></div>
          ${['cards', 'loans'].map(name => { const part = list.filter(each => groupOfKind(each.kind) === name && each.currency === currency && each.balance.current); return part.length ? html`<div><dt>${t(`group.${name}`)}</dt><dd>${moneyHTML(sum(part.map(each => each.balance.current), currency))}</dd></div>` : ''; })}</dl></section>`;
      })}
      <div class="cards">${list.map(debt)}</div>` : html`<section class="card">${empty({ drawing: 'card', title: t('liabilities.none'), words: t('liabilities.none_words'), action: connectButton('') })}</section>`}`);
  };
  const ends = [connectionButtons(root), onChange(change => { if (['accounts', 'resync'].includes(change.kind)) paint(); })];
  await paint();
  return () => { for (const end of ends) end(); };
}

function debt(account) {
  const { current, limit, available, as_of: at } = account.balance;
  const used = limit && current && size(limit) > 0 ? Math.max(0, -size(current)) / size(limit) : null;
  return html`<section class="card" aria-labelledby="debt-${account.id}"><header><h2 id="debt-${account.id}"><a class="plainlink" href="/accounts/${account.id}">${account.name}</a></h2><span class="xs muted">${ageHTML(at)}</span></header>
    <div>${moneyHTML(current, { more: 'figure' })}<p class="xs muted">${[account.institution, t(`kind.${account.kind}`), account.mask ? `··${account.mask}` : ''].filter(Boolean).join(' · ')}</p></div>
    ${used === null ? '' : html`<div class="stack tight"><span class="s muted">${t('account.used', { part: isHidden() ? '•••' : percent(used) })} ${moneyHTML(limit)}</span>${isHidden() ? '' : shareBar(used, used > 0.9 ? 'bad' : used > 0.5 ? 'warn' : '', t('account.used', { part: percent(used) }))}</div>`}
    ${available && limit ? html`<p class="foot">${t('account.available')} <strong>${moneyHTML(available)}</strong></p>` : ''}</section>`;
}
