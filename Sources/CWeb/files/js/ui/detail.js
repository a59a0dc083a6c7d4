// One transaction: what it is, what can be written on it, what was done with it, and what the bank sent.

import { can, get as ask, post } from '../api.js';
import { html, render, find, icon, element, on } from '../dom.js';
import { moneyHTML, dayLong, dayText, ageHTML, moneyText } from '../format.js';
import { bring } from '../bring.js';
import { isAtLeast } from '../data.js';
import { write, erase, undo } from '../edits.js';
import { tagNamed } from '../filing.js';
import { announce } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { categoryName, nameOf, toneOf } from './rows.js';
import { pickCategory } from './picker.js';
import { offerAlike } from './alike.js';
import { reasonText } from '../pages/inbox.js';
import { toast } from './toast.js';

export const canEdit = () => can('PATCH /v1/transactions/{id}') && isAtLeast('member');

/** Gives { close, chooseCategory, … }. On a narrow page it covers the list and keeps the focus until it is closed. */
export function openDetail(place, given, { onClose, onChanged = () => {} }) {
  let row = given;
  const covers = matchMedia('(max-width: 68rem)').matches;
  const sheet = element(html`<aside class="sheet over stack" aria-labelledby="detail-h" ${covers ? html`role="dialog" aria-modal="true"` : ''}></aside>`);
  const show = changed => { row = changed; if (sheet.isConnected) paint(); onChanged(changed); };
  const paint = () => { render(sheet, html`${head(row)}${canEdit() ? form(row) : facts(row)}${sent(row)}`); if (sheet.isConnected) explain(); };
  paint();
  place.classList.add('has-side');
  place.append(sheet);
  const rest = covers ? [...document.querySelectorAll('.nav, .tabbar, .top, .skip, #page > :not(#split), #split > :not(.sheet)')] : [];
  for (const each of rest) each.inert = true;
  const close = tells => {
    for (const each of rest) each.inert = false;
    sheet.remove();
    place.classList.remove('has-side');
    document.removeEventListener('keydown', escape);
    for (const end of ends) end();
    if (tells) onClose?.();
  };
  const escape = event => { if (covers && event.key === 'Escape' && !document.querySelector('dialog[open], .picker')) { event.preventDefault(); event.stopPropagation(); close(true); } };
  document.addEventListener('keydown', escape);

  const history = async () => {
    const list = find('#history', sheet);
    if (!list) return;
    try {
      const { data } = await ask(`/v1/transactions/${row.id}/history?limit=20`);
      const names = new Map((get('members') ?? []).map(each => [each.id, each.name]));
      render(list, data.length ? html`${data.map(each => html`<li class="${each.undone ? '' : 'now'}"><strong>${told(each)}</strong>
        <p class="xs muted">${names.get(each.person) ?? t('activity.somebody')} · ${ageHTML(each.at)}${each.undone ? html` · ${t('history.undone')}` : html` · <button class="linkish" type="button" data-undo="${each.group}">${t('undo')}</button>`}</p></li>`)}` : html`<li>${t('history.none')}</li>`);
    } catch { render(list, html`<li>${t('cannot_show')}</li>`); }
  };
  const chooseCategory = async anchor => {
    const code = await pickCategory(anchor ?? find('[data-detail-category]', sheet), row.category);
    if (!code || code === row.category) return;
    await write(row, { category: code }, { guess: { category: code }, text: done => t('edit.category', { name: nameOf(done), category: get('categoryNames').get(code) ?? code }), put: show });
    offerAlike(row, code);
  };
  const explain = async () => {
    const place = find('#why', sheet);
    if (!place || !can('GET /v1/transactions/{id}/category')) return;
    try {
      const found = await ask(`/v1/transactions/${row.id}/category`);
      if (found.source !== 'bank' || found.reason.text) render(place, html`${reasonText(found.reason)}`);
    } catch { /* the reason is a courtesy */ }
  };
  const ends = [
    on(sheet, 'click', '[data-leave]', () => close(true)),
    on(sheet, 'click', '[data-detail-category]', (event, button) => chooseCategory(button)),
    on(sheet, 'change', '#detail-name', async (event, input) => {
      const name = input.value.trim();
      if (name === nameOf(row)) return;
      await write(row, { name: name || null }, { guess: name ? { name } : {}, text: done => t('edit.name', { name: nameOf(done) }), put: show });
    }),
    on(sheet, 'change', '#detail-notes', async (event, input) => {
      const notes = input.value.trim() || null;
      await write(row, { notes }, { guess: { notes }, text: () => t(notes ? 'edit.notes' : 'edit.notes_gone'), put: show });
    }),
    on(sheet, 'keydown', '#detail-tag', async (event, input) => {
      if (event.key !== 'Enter' || !input.value.trim()) return;
      event.preventDefault();
      try {
        const tag = await tagNamed(input.value.trim().replace(/^#/, ''));
        const tags = [...new Set([...row.tags, tag.id])];
        input.value = '';
        await write(row, { tags }, { guess: { tags }, text: () => t('edit.tag', { tag: tag.name }), put: show });
        find('#detail-tag', sheet)?.focus();
      } catch (error) { toast(refusalText(error), { bad: true }); }
    }),
    on(sheet, 'click', '[data-untag]', async (event, button) => {
      const tags = row.tags.filter(each => each !== button.dataset.untag);
      await write(row, { tags }, { guess: { tags }, text: () => t('edit.untag', { tag: get('tagNames').get(button.dataset.untag) ?? '' }), put: show });
    }),
    on(sheet, 'change', '[data-flag]', async (event, input) => {
      const set = { [input.dataset.flag]: input.checked };
      await write(row, set, { guess: set, text: () => t(`edit.${input.dataset.flag}.${input.checked ? 'on' : 'off'}`), put: show });
    }),
    on(sheet, 'click', '[data-part-pair]', async (event, button) => {
      try {
        await post(`/v1/pairs/${button.dataset.partPair}/refuse`);
        toast(t('links_of.parted'));
        show(await ask(`/v1/transactions/${row.id}`));
        announce('transactions', { undo: true });
      } catch (error) { toast(refusalText(error), { bad: true }); }
    }),
    on(sheet, 'click', '[data-split]', async () => (await bring('ui/splitdialog.js')).openSplit(row, show)),
    on(sheet, 'click', '[data-delete]', async () => { if (await erase(row, show)) close(true); }),
    on(sheet, 'toggle', '#history-box', (event, box) => { if (box.open) history(); }, true),
    on(sheet, 'click', '[data-undo]', async (event, button) => { await undo(button.dataset.undo); try { show(await ask(`/v1/transactions/${row.id}`)); } catch { close(true); } }),
  ];
  explain();
  find('#detail-h', sheet).focus({ preventScroll: true });
  return { close, sheet, chooseCategory, focus(name) { find(`#detail-${name}`, sheet)?.focus(); }, get id() { return row.id; }, show };
}

/** What stood or stands in a field, for people. */
export function valueWords(field, value, max = 2_000) {
  if (value === null || value?.length === 0) return t('history.nothing');
  if (field === 'category') return get('categoryNames')?.get(value) ?? value;
  if (field === 'splits') return value.map(each => `${moneyText(each.amount)} ${get('categoryNames')?.get(each.category) ?? each.note ?? ''}`.trim()).join(', ');
  if (Array.isArray(value)) return value.map(id => `#${get('tagNames')?.get(id) ?? id}`).join(' ');
  if (['true', '1'].includes(String(value))) return t('yes');
  if (['false', '0'].includes(String(value))) return t('no');
  return value.length > max ? `${value.slice(0, max)}…` : value;
}

const told = each => {
  const words = value => valueWords(each.field, value, 60);
  const field = t.has(`history.field.${each.field}`) ? t(`history.field.${each.field}`) : each.field;
  if (['tags', 'splits', 'tag'].includes(each.field)) return t('history.changed', { field });
  return t('history.set', { field, value: words(each.after) });
};

const head = row => html`
  <div class="spread nowrap"><span class="s muted">${t('transaction')}</span><button class="btn icon plain" type="button" data-leave aria-label="${t('close')}">${icon('x')}</button></div>
  <div><h2 id="detail-h" tabindex="-1">${nameOf(row)}</h2>${moneyHTML(row.amount, { big: true, plus: true, tone: row.flow !== 'transfer' })}
    <p class="s muted"><span class="badge ${row.pending ? '' : 'ok'}">${icon(row.pending ? 'clock' : 'check')}${t(row.pending ? 'pending' : 'posted')}</span> ${row.waiting ? html`<span class="badge warn">${icon('clock')}${t('waiting.badge')}</span> ` : ''}${dayLong(row.occurred_on)} · <a href="/accounts/${row.account}">${get('accountsByID')?.get(row.account)?.name ?? t('account')}</a></p></div>`;

/** What it belongs to: the other half of a transfer, its purchase, its refund. */
const linksOf = row => row.links?.length ? html`<div><h3 class="s">${t('links_of.title')}</h3><ul class="inner">${row.links.map(each => html`<li class="spread nowrap s"><a class="clip" href="/transactions?tx=${each.transaction}">${t(`links_of.${each.kind}`)}: ${get('accountsByID')?.get(each.account)?.name ?? t('account')}</a><span>${moneyHTML(each.amount, { plus: true })}</span></li>
  ${each.fee ? html`<li class="xs muted">${t('links_of.fee', { amount: moneyText(each.fee) })}</li>` : ''}${each.implied_rate ? html`<li class="xs muted">${t('links_of.rate', { rate: each.implied_rate })}</li>` : ''}
  ${canEdit() ? html`<li><button class="linkish xs" type="button" data-part-pair="${each.pair}">${t('links_of.part')}</button></li>` : ''}`)}</ul></div>` : '';

const facts = row => html`<dl class="facts"><dt>${t('category')}</dt><dd><span class="cat ${toneOf(row)}">${categoryName(row)}</span></dd>
  <dt>${t('detail.counts_as')}</dt><dd>${t(`flow_kind.${row.flow}`)}</dd>${row.notes ? html`<dt>${t('detail.notes')}</dt><dd>${row.notes}</dd>` : ''}</dl>
  ${row.flow === 'transfer' ? html`<p class="s muted">${t('detail.transfer_words')}</p>` : ''}`;

const form = row => html`
  <div class="field"><span class="label" id="detail-category-l">${t('category')}</span><button class="btn pickbtn" type="button" data-detail-category aria-haspopup="listbox" aria-labelledby="detail-category-l detail-category-n"><span class="cat ${toneOf(row)}" id="detail-category-n">${categoryName(row)}</span>${icon('down')}</button>
    <span class="hint">${t('detail.counts_as')}: ${t(`flow_kind.${row.flow}`)}</span><span class="hint" id="why"></span></div>
  <div class="field"><label for="detail-name">${t('name')}</label><input class="input" id="detail-name" value="${nameOf(row)}" maxlength="200" autocomplete="off"></div>
  <div class="field"><label for="detail-notes">${t('detail.notes')}</label><textarea class="input" id="detail-notes" rows="2" maxlength="2000">${row.notes ?? ''}</textarea></div>
  <div class="field"><label for="detail-tag">${t('tags')}</label><div class="chips">${row.tags.map(id => html`<span class="chip on">#${get('tagNames')?.get(id) ?? ''}<button class="linkish" type="button" data-untag="${id}" aria-label="${t('tag.remove', { tag: get('tagNames')?.get(id) ?? '' })}">${icon('x')}</button></span>`)}
    <input class="input narrow" id="detail-tag" list="all-tags" placeholder="${t('tag.add')}" autocomplete="off" maxlength="60"><datalist id="all-tags">${(get('tags') ?? []).map(each => html`<option value="${each.name}"></option>`)}</datalist></div></div>
  ${linksOf(row)}
  ${row.splits.length ? html`<div><h3 class="s">${t('split.parts')}</h3><ul class="inner">${row.splits.map(each => html`<li class="spread nowrap s"><span class="clip">${get('categoryNames')?.get(each.category) ?? t('split.as_whole')}${each.note ? ` · ${each.note}` : ''}</span>${moneyHTML(each.amount)}</li>`)}</ul></div>` : ''}
  <div class="stack tight"><label class="line-choice s"><input class="check" type="checkbox" data-flag="reviewed" ${row.reviewed ? html`checked` : ''}><span>${t('detail.reviewed')}</span></label>
    <label class="line-choice s"><input class="check" type="checkbox" data-flag="excluded" ${row.excluded ? html`checked` : ''}><span>${t('detail.excluded')}</span></label></div>
  <div class="chips"><button class="btn" type="button" data-split>${icon('split')}${t(row.splits.length ? 'split.change' : 'split.verb')}</button><button class="btn plain quiet-danger" type="button" data-delete>${t('delete')}</button></div>
  <details class="data" id="history-box"><summary>${t('history')}</summary><ol class="line" id="history"><li>${t('loading')}</li></ol></details>`;

const sent = row => html`<details class="data"><summary>${t('detail.bank_sent')}</summary><dl class="facts">
  ${nameOf(row) !== row.name ? html`<dt>${t('detail.name')}</dt><dd class="wraps">${row.name}</dd>` : ''}
  <dt>${t('detail.description')}</dt><dd class="wraps">${row.original_description ?? row.name}</dd>
  ${row.booked_on && row.booked_on !== row.occurred_on ? html`<dt>${t('detail.booked')}</dt><dd>${dayText(row.booked_on)}</dd>` : ''}
  ${row.exact_amount ? html`<dt>${t('detail.exact')}</dt><dd>${moneyText({ amount: row.exact_amount, currency: row.amount.currency })}</dd>` : ''}
  ${row.bank_category ? html`<dt>${t('detail.bank_category')}</dt><dd class="wraps">${row.bank_category.detailed ?? row.bank_category.primary}</dd>` : ''}
  ${row.payment_channel ? html`<dt>${t('detail.channel')}</dt><dd>${row.payment_channel}</dd>` : ''}
  <dt>${t('detail.id')}</dt><dd class="wraps"><code>${row.id}</code></dd></dl></details>
  ${row.simulated ? html`<p class="xs muted">${icon('spark')} ${t('detail.simulated')}</p>` : ''}`;
