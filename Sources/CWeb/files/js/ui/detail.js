// One transaction: what it is, what the bank sent, and what was done with it.

import { html, render, find, icon, element } from '../dom.js';
import { moneyHTML, dayLong, dayText } from '../format.js';
import { get } from '../store.js';
import { t } from '../texts.js';
import { categoryName, categoryOf, colourOf, nameOf } from './rows.js';

/** Gives { close }. On a narrow page it covers the list and keeps the focus until it is closed. */
export function openDetail(place, row, { onClose }) {
  const covers = matchMedia('(max-width: 68rem)').matches;
  const sheet = element(html`<aside class="sheet over stack" aria-labelledby="detail-h" ${covers ? html`role="dialog" aria-modal="true"` : ''}></aside>`);
  const account = get('accountsByID')?.get(row.account);
  render(sheet, html`
    <div class="spread nowrap"><span class="s muted">${t('transaction')}</span><button class="btn icon plain" type="button" data-leave aria-label="${t('close')}">${icon('x')}</button></div>
    <div><h2 id="detail-h" tabindex="-1">${nameOf(row)}</h2>${moneyHTML(row.amount, { big: true, plus: true, tone: row.flow !== 'transfer' })}
      <p class="s muted"><span class="badge ${row.pending ? '' : 'ok'}">${icon(row.pending ? 'clock' : 'check')}${t(row.pending ? 'pending' : 'posted')}</span> ${dayLong(row.occurred_on)}</p></div>
    <dl class="facts">
      <dt>${t('account')}</dt><dd><a href="/accounts/${row.account}">${account?.name ?? t('unknown')}</a></dd>
      <dt>${t('category')}</dt><dd><span class="cat ${row.flow === 'transfer' ? 'k6' : colourOf(categoryOf(row) ?? '')}">${categoryName(row)}</span></dd>
      <dt>${t('detail.counts_as')}</dt><dd>${t(`flow_kind.${row.flow}`)}</dd>
      ${row.booked_on && row.booked_on !== row.occurred_on ? html`<dt>${t('detail.booked')}</dt><dd>${dayText(row.booked_on)}</dd>` : ''}
      ${nameOf(row) !== row.name ? html`<dt>${t('detail.name')}</dt><dd class="wraps">${row.name}</dd>` : ''}
      ${row.notes ? html`<dt>${t('detail.notes')}</dt><dd>${row.notes}</dd>` : ''}</dl>
    ${row.flow === 'transfer' ? html`<p class="s muted">${t('detail.transfer_words')}</p>` : ''}
    <details class="data"><summary>${t('detail.bank_sent')}</summary><dl class="facts">
      <dt>${t('detail.description')}</dt><dd class="wraps">${row.original_description ?? row.name}</dd>
      ${row.exact_amount ? html`<dt>${t('detail.exact')}</dt><dd>${row.exact_amount}</dd>` : ''}
      ${row.bank_category ? html`<dt>${t('detail.bank_category')}</dt><dd class="wraps">${row.bank_category.detailed ?? row.bank_category.primary}</dd>` : ''}
      ${row.payment_channel ? html`<dt>${t('detail.channel')}</dt><dd>${row.payment_channel}</dd>` : ''}
      <dt>${t('detail.id')}</dt><dd class="wraps"><code>${row.id}</code></dd></dl></details>
    ${row.simulated ? html`<p class="xs muted">${icon('spark')} ${t('detail.simulated')}</p>` : ''}`);
  place.classList.add('has-side');
  place.append(sheet);
  const rest = covers ? [...document.querySelectorAll('.nav, .tabbar, .top, .skip, #page > :not(#split), #split > :not(.sheet)')] : [];
  for (const each of rest) each.inert = true;
  const close = tells => {
    for (const each of rest) each.inert = false;
    sheet.remove();
    place.classList.remove('has-side');
    document.removeEventListener('keydown', escape);
    if (tells) onClose?.();
  };
  const escape = event => { if (covers && event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); close(true); } };
  document.addEventListener('keydown', escape);
  find('[data-leave]', sheet).addEventListener('click', () => close(true));
  find('#detail-h', sheet).focus({ preventScroll: true });
  return { close, sheet };
}
