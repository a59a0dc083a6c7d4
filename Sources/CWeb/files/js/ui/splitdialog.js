// Into which parts? They come to the whole, to the cent; what is left is always said.

import { html, render, find, all, on, icon } from '../dom.js';
import { moneyHTML, moneyText, scaled, decimal, negated, isNegative, readAmount, typedAmount } from '../format.js';
import { get } from '../store.js';
import { split } from '../edits.js';
import { t } from '../texts.js';
import { openDialog } from './dialog.js';
import { showProblem } from './form.js';
import { pickCategory } from './picker.js';

const digits = currency => new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;

export function openSplit(row, show) {
  const places = digits(row.amount.currency);
  const sign = isNegative(row.amount) ? -1n : 1n;
  const whole = scaled(row.amount.amount, places) * sign;
  const written = value => typedAmount(decimal(value, places));
  let parts = row.splits?.length
    ? row.splits.map(each => ({ amount: written(scaled(each.amount.amount, places) * sign), category: each.category, note: each.note ?? '' }))
    : [{ amount: written(whole), category: row.category, note: '' }, { amount: written(0n), category: null, note: '' }];
  const box = openDialog({ title: t('split.title'), wide: true });
  const read = text => {
    const plain = readAmount(text);
    return plain === null ? null : scaled(plain, places);
  };
  const left = () => parts.reduce((rest, each) => { const value = read(each.amount); return value === null || rest === null ? null : rest - value; }, whole);
  const status = () => {
    const rest = left();
    const place = find('#split-left', box.root);
    const isRight = rest === 0n;
    render(place, rest === null ? html`${t('split.unreadable')}` : isRight ? html`${icon('check')} ${t('split.right')}` : html`${t('split.left')} ${moneyHTML({ amount: decimal(rest, places), currency: row.amount.currency })}`);
    place.classList.toggle('bad-text', !isRight);
  };
  const draw = () => {
    render(box.root, html`<form class="stack"><div data-problem></div><p class="s muted">${t('split.words', { amount: moneyText(sign < 0n ? negated(row.amount) : row.amount) })}</p>
      <ol class="stack parts">${parts.map((each, index) => html`<li class="part" data-part="${index}">
        <div class="field"><label for="part-amount-${index}">${t('split.amount', { at: index + 1 })}</label><input class="input" id="part-amount-${index}" data-amount inputmode="decimal" value="${each.amount}" autocomplete="off"></div>
        <div class="field"><span class="label">${t('category')}</span><button class="btn" type="button" data-part-category aria-haspopup="listbox"><span class="clip">${get('categoryNames')?.get(each.category) ?? t('split.as_whole')}</span>${icon('down')}</button></div>
        <div class="field grow"><label for="part-note-${index}">${t('split.note')}</label><input class="input" id="part-note-${index}" data-note value="${each.note}" autocomplete="off" maxlength="200"></div>
        ${parts.length > 2 ? html`<button class="btn icon plain" type="button" data-drop aria-label="${t('split.drop', { at: index + 1 })}">${icon('x')}</button>` : ''}</li>`)}</ol>
      <div class="spread"><button class="btn plain" type="button" data-add>${icon('plus')}${t('split.add')}</button><span class="s" id="split-left" role="status"></span></div>
      <div class="actions">${row.splits?.length ? html`<button class="btn danger" type="button" data-join>${t('split.join')}</button>` : ''}<button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('split.verb')}</button></div></form>`);
    status();
    find('form', box.root).addEventListener('submit', async event => {
      event.preventDefault();
      if (left() !== 0n) { find('[data-amount]', box.root).focus(); return; }
      const content = parts.map(each => ({ amount: { amount: decimal(read(each.amount) * sign, places), currency: row.amount.currency }, category: each.category ?? null, ...(each.note ? { note: each.note } : {}) }));
      try { await split(row, content, show); box.close(); } catch (error) { showProblem(event.target, error); }
    });
  };
  on(box.root, 'input', '[data-amount]', (event, input) => { parts[Number(input.closest('[data-part]').dataset.part)].amount = input.value; status(); });
  on(box.root, 'input', '[data-note]', (event, input) => { parts[Number(input.closest('[data-part]').dataset.part)].note = input.value; });
  on(box.root, 'click', '[data-add]', () => { const rest = left(); parts.push({ amount: written(rest !== null && rest > 0n ? rest : 0n), category: null, note: '' }); draw(); all('[data-amount]', box.root).at(-1).focus(); });
  on(box.root, 'click', '[data-drop]', (event, button) => { parts.splice(Number(button.closest('[data-part]').dataset.part), 1); draw(); });
  on(box.root, 'click', '[data-join]', async () => { try { await split(row, [], show); box.close(); } catch (error) { showProblem(find('form', box.root), error); } });
  on(box.root, 'click', '[data-part-category]', async (event, button) => {
    const index = Number(button.closest('[data-part]').dataset.part);
    const code = await pickCategory(button, parts[index].category, box.dialog);
    if (code) { parts[index].category = code; draw(); find(`[data-part="${index}"] [data-part-category]`, box.root).focus(); }
  });
  draw();
  find('[data-amount]', box.root).focus();
}
