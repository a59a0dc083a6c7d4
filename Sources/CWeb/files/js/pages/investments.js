// What is invested, and where?

import { can, get as ask } from '../api.js';
import { html, render } from '../dom.js';
import { accounts } from '../data.js';
import { moneyHTML, size, percent, sum, isHidden, number, dayText } from '../format.js';
import { onChange } from '../live.js';
import { t } from '../texts.js';
import { connectButton, connectionButtons } from '../ui/health.js';
import { accountRow, groupOfKind, shareBar } from '../ui/rows.js';
import { empty } from '../ui/states.js';

export default async function mount(root) {
  const paint = async () => {
    const [everything, holdings] = await Promise.all([accounts(), can('GET /v1/holdings') ? ask('/v1/holdings').then(body => body.data) : []]);
    const list = everything.filter(each => groupOfKind(each.kind) === 'investments');
    const currencies = [...new Set(list.map(each => each.currency))];
    render(root, html`<div class="head"><div><h1>${t('place.investments')}</h1><p class="s muted">${t('investments.words')}</p></div>${list.length ? '' : connectButton()}</div>
      ${list.length ? currencies.map(currency => {
        const members = list.filter(each => each.currency === currency && each.balance.current);
        const total = sum(members.map(each => each.balance.current), currency);
        return html`<div class="grid"><section class="card w5" aria-labelledby="total-${currency}"><header><h2 id="total-${currency}">${t('investments.total')}</h2></header>${moneyHTML(total, { big: true })}
          <ul class="stack">${members.map(each => html`<li class="stack tight"><div class="spread nowrap s"><span class="clip">${each.name}</span>${isHidden() || size(total) <= 0 ? '' : html`<span class="muted">${percent(size(each.balance.current) / size(total))}</span>`}</div>${isHidden() ? '' : shareBar(size(each.balance.current) / Math.max(1, size(total)))}</li>`)}</ul></section>
          <section class="card flush w7" aria-label="${t('place.accounts')}"><div class="wrap"><ul>${list.filter(each => each.currency === currency).map(accountRow)}</ul></div></section></div>${holdingsCard(holdings.filter(each => each.currency === currency), currency)}`;
      }) : html`<section class="card">${empty({ drawing: 'trend', title: t('investments.none'), words: t('investments.none_words'), action: connectButton() })}</section>`}`);
  };
  const ends = [connectionButtons(root), onChange(change => { if (['accounts', 'resync'].includes(change.kind)) paint().catch(() => {}); })];
  await paint();
  return () => { for (const end of ends) end(); };
}

/** What is held, the largest first. Gain is against cost, and unknown where the cost is. */
function holdingsCard(holdings, currency) {
  if (!holdings.length) return '';
  const money = amount => amount === null ? null : { amount, currency };
  const sorted = [...holdings].sort((one, other) => Number(other.value ?? 0) - Number(one.value ?? 0));
  return html`<section class="card" aria-labelledby="holdings-${currency}"><h2 id="holdings-${currency}">${t('holdings.title')}</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="holdings-${currency}"><table class="holdings"><thead><tr><th scope="col">${t('holdings.security')}</th><th scope="col" class="n">${t('holdings.quantity')}</th><th scope="col" class="n">${t('holdings.price')}</th><th scope="col" class="n">${t('holdings.value')}</th><th scope="col" class="n">${t('holdings.gain')}</th></tr></thead>
    <tbody>${sorted.map(each => {
      const gain = each.value !== null && each.cost_basis !== null ? sum([money(each.value), money(each.cost_basis.startsWith('-') ? each.cost_basis.slice(1) : `-${each.cost_basis}`)], currency) : null;
      return html`<tr><th scope="row"><span class="name">${each.security?.ticker ?? each.security?.name ?? t('unknown')}</span><span class="xs muted">${each.security?.ticker ? each.security.name : ''}</span></th><td class="n">${isHidden() ? '•••' : number(Number(each.quantity), { maximumFractionDigits: 4 })}</td><td class="n">${each.price === null ? t('unknown') : moneyHTML(money(each.price))}${each.price_on ? html`<span class="xs muted">${dayText(each.price_on)}</span>` : ''}</td><td class="n">${moneyHTML(money(each.value))}</td><td class="n">${gain ? moneyHTML(gain, { plus: true, tone: true }) : html`<span class="faint">${t('holdings.no_cost')}</span>`}</td></tr>`;
    })}</tbody></table></div></section>`;
}
