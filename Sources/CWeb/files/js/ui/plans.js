// Budgets, what comes again, what stands out: as lines, the same on their own pages and on the overview.

import { html, icon } from '../dom.js';
import { dayText, moneyHTML, moneyText, size, isHidden, isNegative, todayDay } from '../format.js';
import { t } from '../texts.js';
import { get } from '../store.js';
import { colourOf, shareBar, spendingWords } from './rows.js';

/** One budget: what is left, and a bar of what was spent. Only what is overspent is red. */
export function budgetLine(each, { link = false } = {}) {
  const available = size(each.amount) + size(each.carried);
  const part = available > 0 ? size(each.spent) / available : 1;
  const isOver = isNegative(each.left);
  const isFast = !isOver && size(each.projected) > available;
  const words = isHidden() ? '' : isOver ? t('budgets.over', { amount: moneyText({ ...each.left, amount: each.left.amount.slice(1) }) }) : t('budgets.left_of', { amount: moneyText(each.left) });
  const name = html`<span class="cat ${colourOf(each.category)}"><span class="clip name">${spendingWords(each.category)}</span></span>`;
  return html`<div class="spread nowrap">${link ? html`<a class="plainlink clip" href="/budgets">${name}</a>` : name}<span class="s">${moneyHTML(each.spent)} <span class="faint">${t('of')}</span> ${moneyHTML(each.amount, { whole: true })}</span></div>
    ${isHidden() ? '' : html`${shareBar(part, isOver ? 'bad' : isFast ? 'warn' : colourOf(each.category), `${spendingWords(each.category)}: ${words}`)}<span class="xs ${isOver ? 'bad-text' : 'muted'}">${words}${isFast ? ` · ${t('budgets.fast')}` : ''}</span>`}`;
}

/** One thing that is due. */
export const dueLine = each => html`<li class="spread nowrap due"><span class="day-mark" aria-hidden="true">${dayText(each.next_on)}</span><span class="grow"><span class="name clip">${each.name}</span><span class="xs muted clip"><span class="vh">${dayText(each.next_on)}, </span>${t(`cadence.${each.cadence}`)}${each.transfer ? html` · ${t('recurring.transfer')}` : ''}${each.next_on < todayDay() && each.state !== 'missed' ? html` · ${t('recurring.expected')}` : ''}${each.state === 'missed' ? html` · <span class="badge warn">${icon('clock')}${t('recurring.missed')}</span>` : ''}</span></span>${each.variable ? html`<span class="faint" aria-label="${t('about_amount')}">≈</span>` : ''}${moneyHTML(each.amount, { tone: !each.transfer, plus: true })}</li>`;

/** What stands out, in words, with the rows it came from. */
export function findingLine(each) {
  const compared = each.compared_with ? moneyText(each.compared_with) : '';
  const account = each.account ? get('accountsByID')?.get(each.account)?.name ?? '' : '';
  const title = t(`finding.${each.kind}`, { about: each.about, amount: moneyText(each.amount), compared, account });
  const to = each.rows.length ? `/transactions?tx=${each.rows[0]}` : each.account ? `/accounts/${each.account}` : null;
  return html`<li class="found">${icon(['fees', 'idle_cash', 'price_rise'].includes(each.kind) ? 'spark' : 'alert')}<div class="grow"><p class="s">${to ? html`<a class="plainlink" href="${to}">${title}</a>` : title}</p><p class="xs muted">${[dayText(each.day), account && account !== each.about ? account : ''].filter(Boolean).join(' · ')}</p></div></li>`;
}
