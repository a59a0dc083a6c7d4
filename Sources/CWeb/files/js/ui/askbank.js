// Asking a bank for more than it sends by itself. The provider bills such calls, so what one may cost is said before.

import { can, get as ask, post } from '../api.js';
import { html, render, find, icon, on } from '../dom.js';
import { moneyHTML, moneyText, size } from '../format.js';
import { announce, expectNews } from '../live.js';
import { t, refusalText } from '../texts.js';
import { openDialog } from './dialog.js';
import { toast } from './toast.js';

export const canAskBank = () => can('POST /v1/connections/{id}/refresh') && can('GET /v1/billed-calls');

export async function askBank(id, bank) {
  const box = openDialog({ title: t('askbank.title', { bank }) });
  render(box.root, html`<p class="s muted" role="status">${icon('sync', 'spin')} ${t('link.asking')}</p>`);
  let prices;
  try {
    prices = new Map((await ask('/v1/billed-calls')).data.map(each => [each.operation, each.estimate]));
  } catch (error) {
    render(box.root, html`<div class="banner bad" role="alert">${icon('alert')}<div>${refusalText(error)}</div></div>`);
    return;
  }
  const price = operation => {
    const estimate = prices.get(operation);
    if (!estimate || !size(estimate)) return t('askbank.free');
    return t('askbank.billed', { price: moneyText(estimate, { shown: true }) });
  };
  const choice = (what, drawing, operation) => html`<li><button class="opt" type="button" data-what="${what}"><span class="mono" aria-hidden="true">${icon(drawing)}</span><span class="grow"><span class="name">${t(`askbank.${what}`)}</span><span class="xs muted">${t(`askbank.${what}.words`)}</span><span class="xs"><strong>${price(operation)}</strong></span></span>${icon('right')}</button></li>`;
  render(box.root, html`<p class="s muted">${t('askbank.words')}</p><div data-problem></div>
    <ul class="stack tight">${choice('news', 'sync', 'refreshConnection')}${choice('balances', 'bank', 'readLiveBalances')}</ul>
    <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button></div>`);
  find('[data-what]', box.root).focus();
  on(box.root, 'click', '[data-what]', async (event, button) => {
    if (box.dialog.getAttribute('aria-busy')) return;
    box.dialog.setAttribute('aria-busy', 'true');
    button.setAttribute('aria-busy', 'true');
    try {
      if (button.dataset.what === 'news') {
        await post(`/v1/connections/${id}/refresh`);
        expectNews(120);
        box.close();
        toast(t('askbank.news_asked', { bank }));
      } else {
        const { data } = await post(`/v1/connections/${id}/balances`);
        announce('accounts');
        box.title(t('askbank.balances_of', { bank }));
        render(box.root, html`<dl class="facts big-facts">${data.map(each => html`<dt>${each.name}</dt><dd>${moneyHTML(each.balance.current)}</dd>`)}</dl>
          <div class="actions"><button class="btn primary" type="button" data-close>${t('done')}</button></div>`);
        box.focusTitle();
      }
      announce('connections');
    } catch (error) {
      render(find('[data-problem]', box.root), html`<div class="banner bad" role="alert">${icon('alert')}<div>${refusalText(error)}</div></div>`);
      button.removeAttribute('aria-busy');
    } finally { box.dialog.removeAttribute('aria-busy'); }
  });
}
