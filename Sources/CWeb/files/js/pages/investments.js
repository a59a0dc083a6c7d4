// What is invested, and where?

import { html, render } from '../dom.js';
import { accounts } from '../data.js';
import { moneyHTML, size, percent, sum, isHidden } from '../format.js';
import { onChange } from '../live.js';
import { t } from '../texts.js';
import { connectButton, connectionButtons } from '../ui/health.js';
import { accountRow, groupOfKind, shareBar } from '../ui/rows.js';
import { empty } from '../ui/states.js';

export default async function mount(root) {
  const paint = async () => {
    const list = (await accounts()).filter(each => groupOfKind(each.kind) === 'investments');
    const currencies = [...new Set(list.map(each => each.currency))];
    render(root, html`<div class="head"><div><h1>${t('place.investments')}</h1><p class="s muted">${t('investments.words')}</p></div>${list.length ? '' : connectButton()}</div>
      ${list.length ? currencies.map(currency => {
        const members = list.filter(each => each.currency === currency && each.balance.current);
        const total = sum(members.map(each => each.balance.current), currency);
        return html`<div class="grid"><section class="card w5" aria-labelledby="total-${currency}"><header><h2 id="total-${currency}">${t('investments.total')}</h2></header>${moneyHTML(total, { big: true })}
          <ul class="stack">${members.map(each => html`<li class="stack tight"><div class="spread nowrap s"><span class="clip">${each.name}</span>${isHidden() || size(total) <= 0 ? '' : html`<span class="muted">${percent(size(each.balance.current) / size(total))}</span>`}</div>${isHidden() ? '' : shareBar(size(each.balance.current) / Math.max(1, size(total)))}</li>`)}</ul></section>
          <section class="card flush w7" aria-label="${t('place.accounts')}"><div class="wrap"><ul>${list.filter(each => each.currency === currency).map(accountRow)}</ul></div></section></div>`;
      }) : html`<section class="card">${empty({ drawing: 'trend', title: t('investments.none'), words: t('investments.none_words'), action: connectButton() })}</section>`}`);
  };
  const ends = [connectionButtons(root), onChange(change => { if (['accounts', 'resync'].includes(change.kind)) paint(); })];
  await paint();
  return () => { for (const end of ends) end(); };
}
