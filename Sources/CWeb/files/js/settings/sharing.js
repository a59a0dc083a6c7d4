// What the others see of one's own accounts.

import { put } from '../api.js';
import { html, render, on, initials } from '../dom.js';
import { accounts } from '../data.js';
import { t, refusalText } from '../texts.js';
import { empty } from '../ui/states.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  const list = await accounts();
  render(root, html`<section class="card" aria-labelledby="share-h"><h2 id="share-h">${t('settings.sharing')}</h2><p class="s muted">${t('sharing.words')}</p>
    ${list.length ? html`<ul class="rows">${list.map(each => html`<li class="wrapping"><span class="mono" aria-hidden="true">${initials(each.name)}</span><div class="grow"><div class="name clip">${each.name}</div><div class="xs muted clip">${each.institution ?? ''}</div></div><select class="input narrow" data-share="${each.id}" data-name="${each.name}" aria-label="${t('sharing.of', { name: each.name })}">${each.sharing ? '' : html`<option value="">${t('sharing.choose')}</option>`}${['full', 'balances', 'hidden'].map(level => html`<option value="${level}" ${level === each.sharing ? html`selected` : ''}>${t(`sharing.${level}`)}</option>`)}</select></li>`)}</ul>` : empty({ drawing: 'bank', title: t('accounts.none'), action: html`<a class="btn" href="/accounts">${t('place.accounts')}</a>` })}</section>`);
  return on(root, 'change', '[data-share]', async (event, select) => {
    if (!select.value) return;
    try {
      const { level } = await put(`/v1/accounts/${select.dataset.share}/sharing`, { level: select.value });
      toast(t('sharing.done', { name: select.dataset.name, level: t(`sharing.${level}`) }));
    } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); select.value = ''; }
  });
}
