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
    const [everything, holdings, portfolio] = await Promise.all([accounts(), can('GET /v1/holdings') ? ask('/v1/holdings').then(body => body.data) : [], can('GET /v1/portfolio') ? ask('/v1/portfolio').catch(() => null) : null]);
    const list = everything.filter(each => groupOfKind(each.kind) === 'investments');
    const currencies = [...new Set(list.map(each => each.currency))];
    render(root, html`<div class="head"><div><h1>${t('place.investments')}</h1><p class="s muted">${t('investments.words')}</p></div></div>
      ${list.length ? currencies.map(currency => {
        const members = list.filter(each => each.currency === currency && each.balance.current);
        const total = sum(members.map(each => each.balance.current), currency);
        return html`<div class="grid"><section class="card w5" aria-labelledby="total-${currency}"><header><h2 id="total-${currency}">${t('investments.total')}</h2></header>${moneyHTML(total, { big: true })}
          <ul class="stack">${members.map(each => html`<li class="stack tight"><div class="spread nowrap s"><span class="clip">${each.name}</span>${isHidden() || size(total) <= 0 ? '' : html`<span class="muted">${percent(size(each.balance.current) / size(total))}</span>`}</div>${isHidden() ? '' : shareBar(size(each.balance.current) / Math.max(1, size(total)))}</li>`)}</ul></section>
          <section class="card flush w7" aria-label="${t('place.accounts')}"><div class="wrap"><ul>${list.filter(each => each.currency === currency).map(accountRow)}</ul></div></section></div>${portfolio?.base_currency === currency ? portfolioCard(portfolio) : ''}${holdingsCard(holdings.filter(each => each.currency === currency), currency)}`;
      }) : html`<section class="card">${empty({ drawing: 'trend', title: t('investments.none'), words: t('investments.none_words'), action: connectButton() })}</section>`}`);
  };
  const ends = [connectionButtons(root), onChange(change => { if (['accounts', 'resync'].includes(change.kind)) paint().catch(() => {}); })];
  await paint();
  return () => { for (const end of ends) end(); };
}

/** What it gained, what it returned in a year, and of what kinds it is: unknown is said with the reason. */
function portfolioCard(portfolio) {
  const returned = each => each.share === null ? html`<span class="muted">${t(`returns.${each.unknown_because}`)}</span>` : isHidden() ? '•••' : html`${Number(each.share) < 0 ? '−' : '+'}${percent(Math.abs(Number(each.share)))}`;
  const { returns, by_type: types } = portfolio;
  return html`<div class="grid"><section class="card w5" aria-labelledby="gain-h"><h2 id="gain-h">${t('portfolio.gain')}</h2><dl class="facts">
      <dt>${t('portfolio.gain')}</dt><dd>${portfolio.gain ? moneyHTML(portfolio.gain, { plus: true, tone: true }) : html`<span class="muted">${t('holdings.no_cost')}</span>`}</dd>
      <dt>${t('portfolio.cost')}</dt><dd>${portfolio.cost ? moneyHTML(portfolio.cost) : html`<span class="muted">${t('unknown')}</span>`}</dd>
      <dt>${t('portfolio.time_weighted')}</dt><dd>${returned(returns.time_weighted)}</dd><dt>${t('portfolio.money_weighted')}</dt><dd>${returned(returns.money_weighted)}</dd></dl>
      ${returns.from ? html`<p class="xs muted">${t('portfolio.over', { from: dayText(returns.from), to: dayText(returns.to) })}</p>` : ''}</section>
    <section class="card w7" aria-labelledby="types-h"><h2 id="types-h">${t('portfolio.types')}</h2><ul class="stack">${types.map(each => html`<li class="stack tight"><div class="spread nowrap s"><span class="clip">${t.has(`security.${each.key}`) ? t(`security.${each.key}`) : each.name}</span><span>${moneyHTML(each.value)} ${each.share === null || isHidden() ? '' : html`<span class="faint">${percent(Number(each.share))}</span>`}</span></div>${each.share === null || isHidden() ? '' : shareBar(Number(each.share))}</li>`)}</ul></section></div>`;
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
