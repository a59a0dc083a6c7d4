// What is owed, to whom, and how much of the credit is used?

import { can, get as ask } from '../api.js';
import { html, render } from '../dom.js';
import { accounts } from '../data.js';
import { moneyHTML, moneyText, size, percent, sum, isHidden, ageHTML, dayText } from '../format.js';
import { onChange } from '../live.js';
import { t } from '../texts.js';
import { connectButton, connectionButtons } from '../ui/health.js';
import { groupOfKind, shareBar } from '../ui/rows.js';
import { empty } from '../ui/states.js';

export default async function mount(root) {
  const paint = async () => {
    const [everything, terms] = await Promise.all([accounts(), can('GET /v1/liabilities') ? ask('/v1/liabilities').then(body => body.data) : []]);
    const list = everything.filter(each => ['cards', 'loans'].includes(groupOfKind(each.kind)));
    const currencies = [...new Set(list.map(each => each.currency))];
    render(root, html`<div class="head"><div><h1>${t('place.liabilities')}</h1><p class="s muted">${t('liabilities.words')}</p></div></div>
      ${list.length ? html`${currencies.map(currency => {
        const owed = list.filter(each => each.currency === currency && each.balance.current).map(each => each.balance.current);
        return html`<section class="card" aria-label="${t('liabilities.total')}"><dl class="totals"><div><dt>${t('liabilities.total')}</dt><dd>${moneyHTML(sum(owed, currency))}</dd></div>
          ${['cards', 'loans'].map(name => { const part = list.filter(each => groupOfKind(each.kind) === name && each.currency === currency && each.balance.current); return part.length ? html`<div><dt>${t(`group.${name}`)}</dt><dd>${moneyHTML(sum(part.map(each => each.balance.current), currency))}</dd></div>` : ''; })}</dl></section>`;
      })}
      <div class="cards">${list.map(each => debt(each, terms.find(one => one.account === each.id)))}</div>` : html`<section class="card">${empty({ drawing: 'card', title: t('liabilities.none'), words: t('liabilities.none_words'), action: connectButton('') })}</section>`}`);
  };
  const ends = [connectionButtons(root), onChange(change => { if (['accounts', 'resync'].includes(change.kind)) paint().catch(() => {}); })];
  await paint();
  return () => { for (const end of ends) end(); };
}

function debt(account, terms) {
  const { current, limit, available, as_of: at } = account.balance;
  const used = limit && current && size(limit) > 0 ? Math.max(0, -size(current)) / size(limit) : null;
  return html`<section class="card" aria-labelledby="debt-${account.id}"><header><h2 id="debt-${account.id}"><a class="plainlink" href="/accounts/${account.id}">${account.name}</a></h2><span class="xs muted">${ageHTML(at)}</span></header>
    <div>${moneyHTML(current, { more: 'figure' })}<p class="xs muted">${[account.institution, t(`kind.${account.kind}`), account.mask ? `··${account.mask}` : ''].filter(Boolean).join(' · ')}</p></div>
    ${used === null ? '' : html`<div class="stack tight"><span class="s muted">${t('account.used', { part: isHidden() ? '•••' : percent(used) })} ${moneyHTML(limit)}</span>${isHidden() ? '' : shareBar(used, used > 0.9 ? 'bad' : used > 0.5 ? 'warn' : '', t('account.used', { part: percent(used) }))}</div>`}
    ${terms ? termsList(terms) : ''}
    ${available && limit ? html`<p class="foot">${t('account.available')} <strong>${moneyHTML(available)}</strong></p>` : ''}</section>`;
}

/** When it is paid off at the rate of the payment asked for, and what that costs. */
function payoffText(payoff) {
  if (!payoff || payoff.state === 'nothing_owed' || payoff.state === 'unknown') return '';
  return html`<dt>${t('payoff.title')}</dt><dd>${payoff.state === 'never' ? html`<span class="badge warn">${t('payoff.never')}</span>` : isHidden() ? '•••' : html`${dayText(payoff.on)} <span class="xs muted">${t('payoff.words', { payment: moneyText(payoff.payment), interest: moneyText(payoff.interest) })}</span>`}</dd>`;
}

/** What the bank says of rate and due dates; what it does not say is left out. */
function termsList(terms) {
  const money = amount => amount === null ? null : { amount, currency: terms.currency };
  return html`<dl class="facts">${terms.next_due_on ? html`<dt>${t('terms.due')}</dt><dd>${dayText(terms.next_due_on)}${terms.overdue ? html` <span class="badge bad">${t('terms.overdue')}</span>` : ''}</dd>` : ''}
    ${terms.minimum_payment ? html`<dt>${t('terms.minimum')}</dt><dd>${moneyHTML(money(terms.minimum_payment))}</dd>` : ''}
    ${terms.rate_percent ? html`<dt>${t('terms.rate')}</dt><dd>${percent(Number(terms.rate_percent) / 100)}</dd>` : ''}
    ${payoffText(terms.payoff)}
    ${terms.last_payment ? html`<dt>${t('terms.last')}</dt><dd>${moneyHTML(money(terms.last_payment))}${terms.last_payment_on ? html` <span class="muted">${dayText(terms.last_payment_on)}</span>` : ''}</dd>` : ''}
    ${terms.last_statement ? html`<dt>${t('terms.statement')}</dt><dd>${moneyHTML(money(terms.last_statement))}</dd>` : ''}</dl>`;
}
