// Which rows: days, accounts, posted or not.

import { html, render, find, all } from '../dom.js';
import { ranges } from '../filter.js';
import { get } from '../store.js';
import { t } from '../texts.js';
import { openDialog } from './dialog.js';

export function openFilter(filter, apply) {
  const box = openDialog({ title: t('filter.title') });
  const accounts = [...(get('accountsByID')?.values() ?? [])];
  render(box.root, html`<form class="stack">
    <div class="chips">${ranges().map(each => html`<button class="chip" type="button" data-range="${each.name}">${t(`range.${each.name}`)}</button>`)}</div>
    <div class="pair"><div class="field"><label for="filter-from">${t('filter.from')}</label><input class="input" type="date" id="filter-from" name="from" value="${filter.from ?? ''}"></div>
    <div class="field"><label for="filter-to">${t('filter.to')}</label><input class="input" type="date" id="filter-to" name="to" value="${filter.to ?? ''}"></div></div>
    <div class="field"><label for="filter-pending">${t('filter.state')}</label><select class="input" id="filter-pending" name="pending"><option value="">${t('filter.any')}</option><option value="false">${t('filter.posted')}</option><option value="true">${t('filter.pending')}</option></select></div>
    ${accounts.length ? html`<fieldset><legend class="label">${t('place.accounts')}</legend><div class="scrollbox">${accounts.map(each => html`<label class="opt small"><input class="check" type="checkbox" name="account" value="${each.id}" ${filter.accounts.includes(each.id) ? html`checked` : ''}><span class="grow clip">${each.name}</span><span class="xs muted">${each.institution ?? ''}</span></label>`)}</div></fieldset>` : ''}
    <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('filter.show')}</button></div></form>`);
  const form = find('form', box.root);
  form.pending.value = filter.pending ?? '';
  for (const button of all('[data-range]', form)) {
    button.addEventListener('click', () => {
      const range = ranges().find(each => each.name === button.dataset.range);
      form.from.value = range.from;
      form.to.value = range.to;
    });
  }
  form.addEventListener('submit', event => {
    event.preventDefault();
    const data = new FormData(form);
    let [from, to] = [data.get('from') || null, data.get('to') || null];
    if (from && to && from > to) [from, to] = [to, from];
    box.close();
    apply({ ...filter, from, to, pending: data.get('pending') || null, accounts: data.getAll('account') });
  });
  find('#filter-from', form).focus();
}
