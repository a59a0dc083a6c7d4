// What is where? Accounts by kind with what they hold, and the banks they come from.

import { lastAnswer } from '../api.js';
import { html, render, on } from '../dom.js';
import { accounts, connections, isAtLeast } from '../data.js';
import { moneyHTML, sum, isNegative, number } from '../format.js';
import { onChange } from '../live.js';
import { t } from '../texts.js';
import { banners, connectionButtons, connectionRow, connectButton } from '../ui/health.js';
import { accountRow, kinds, groupOfKind } from '../ui/rows.js';
import { empty, skeleton } from '../ui/states.js';
import { openAccount } from '../ui/byhand.js';
import { drawSparks } from '../ui/spark.js';

/** Sums by currency, each by itself. */
const totals = list => {
  const by = new Map();
  for (const money of list) by.set(money.currency, [...(by.get(money.currency) ?? []), money]);
  return [...by].map(([currency, moneys]) => sum(moneys, currency));
};
const totalHTML = list => list.length ? totals(list).map((each, index) => html`${index ? html` <span class="faint">${t('and')}</span> ` : ''}${moneyHTML(each)}`) : html`<span class="faint">—</span>`;

export default async function mount(root, { keepsFocus }) {
  let isGone = false;
  if (!keepsFocus && !lastAnswer('/v1/accounts?limit=500')) render(root, html`<div class="head"><h1>${t('place.accounts')}</h1></div><section class="card">${skeleton(6)}</section>`);
  const paint = async () => {
    const [list, banks] = await Promise.all([accounts(), connections()]);
    if (isGone) return;
    const shown = list.filter(each => !each.hidden);
    const balances = list.map(each => each.balance.current).filter(Boolean);
    render(root, html`
      <div class="head"><div><h1>${t('place.accounts')}</h1><p class="s muted">${t('connection.accounts', { count: list.length })}</p></div><div class="chips">${isAtLeast('member') ? html`<button class="btn" type="button" data-new-account>${t('byhand.add_by_hand')}</button>` : ''}${list.length || banks.length ? connectButton() : ''}</div></div>
      ${banners(banks)}
      ${list.length ? html`<section class="card" aria-label="${t('accounts.totals')}"><dl class="totals"><div><dt>${t('worth.assets')}</dt><dd>${totalHTML(balances.filter(each => !isNegative(each)))}</dd></div><div><dt>${t('worth.debts')}</dt><dd>${totalHTML(balances.filter(isNegative))}</dd></div><div><dt>${t('worth.title')}</dt><dd>${totalHTML(balances)}</dd></div></dl></section>` : ''}
      <div class="grid"><div class="col w8">${list.length ? html`${kinds.map(([name]) => group(name, shown))}${hiddenAccounts(list)}` : html`<section class="card">${empty({ drawing: 'bank', title: t('accounts.none'), words: t('accounts.none_words'), action: connectButton() })}</section>`}</div>
      <div class="col w4"><section class="card" aria-labelledby="banks-h"><header><h2 id="banks-h">${t('connections')}</h2><span class="s muted">${number(banks.length)}</span></header>
        ${banks.length ? html`<ul class="rows conns">${banks.map(connectionRow)}</ul>` : html`<p class="s muted">${t('connections.none')}</p>`}</section></div></div>`);
    drawSparks(root, list).catch(() => {});
  };
  const ends = [connectionButtons(root), on(root, 'click', '[data-new-account]', () => openAccount(null)), onChange(change => { if (['connections', 'accounts', 'runs', 'resync'].includes(change.kind)) paint().catch(() => {}); })];
  await paint();
  return () => { isGone = true; for (const end of ends) end(); };
}

/** Out of sight, and still counted: opened when they are wanted. */
function hiddenAccounts(list) {
  const hidden = list.filter(each => each.hidden);
  return hidden.length ? html`<details class="data card"><summary>${t('accounts.hidden', { count: hidden.length })}</summary><ul>${hidden.map(accountRow)}</ul></details>` : '';
}

function group(name, list) {
  const members = list.filter(each => groupOfKind(each.kind) === name);
  if (!members.length) return '';
  const balances = members.map(each => each.balance.current).filter(Boolean);
  return html`<section class="card flush" aria-labelledby="group-${name}"><header class="spread"><h2 id="group-${name}">${t(`group.${name}`)}</h2><span class="name">${totalHTML(balances)}</span></header><div class="wrap"><ul>${members.map(accountRow)}</ul></div></section>`;
}

