// What no bank tells is written down by hand: an account such as cash, and what went through it.

import { patch, post } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { accounts } from '../data.js';
import { readAmount, negated, todayDay } from '../format.js';
import { readFiling } from '../filing.js';
import { announce } from '../live.js';
import { get } from '../store.js';
import { t } from '../texts.js';
import { remember } from '../edits.js';
import { openDialog } from './dialog.js';
import { field, mark, runForm } from './form.js';
import { pickCategory } from './picker.js';
import { toast } from './toast.js';

const kinds = ['cash', 'checking', 'savings', 'deposit', 'credit_card', 'loan', 'mortgage', 'student_loan', 'investment', 'retirement', 'other_asset'];
const isDebt = kind => ['credit_card', 'loan', 'mortgage', 'student_loan'].includes(kind);
const kindSelect = chosen => html`<div class="field"><label for="kind">${t('byhand.kind')}</label><select class="input" id="kind" name="kind">${kinds.map(each => html`<option value="${each}" ${each === chosen ? html`selected` : ''}>${t(`kind.${each}`)}</option>`)}</select></div>`;
const currencies = () => [...new Set([get('household')?.base_currency, 'USD', 'EUR', 'GBP', 'CHF', 'CAD', 'AUD', 'JPY', 'SEK', 'NOK', 'DKK', 'PLN', ...[...(get('accountsByID')?.values() ?? [])].map(each => each.currency)])].filter(Boolean);

/** A debt is typed as what is owed, and kept as less than nothing. */
function balanceOf(form, kind, currency) {
  const text = find('#balance', form)?.value ?? '';
  if (!text.trim()) return undefined;
  const amount = readAmount(text);
  if (amount === null) { mark(form, 'balance', t('field.amount')); find('#balance', form).focus(); return null; }
  const money = { amount, currency };
  return isDebt(kind) && !amount.startsWith('-') ? negated(money) : money;
}

/** A new account, or what can be changed about one. */
export async function openAccount(account, done = () => {}) {
  const box = openDialog({ title: t(account ? 'byhand.change_account' : 'byhand.new_account') });
  const mayHold = !account || account.by_hand;
  render(box.root, html`<form class="stack"><div data-problem></div>
    ${account ? '' : html`<p class="s muted">${t('byhand.account_words')}</p>`}
    ${field({ id: 'name', label: t('name'), value: account?.name ?? '' })}
    ${account ? '' : html`<div class="pair">${kindSelect('cash')}<div class="field"><label for="currency">${t('account.currency')}</label><select class="input" id="currency" name="currency">${currencies().map(each => html`<option>${each}</option>`)}</select></div></div>`}
    ${mayHold ? field({ id: 'balance', label: t(account ? 'byhand.balance_now' : 'byhand.balance'), required: false, mode: 'decimal', hint: t('byhand.balance_hint') }) : ''}
    <div class="field"><label for="notes">${t('detail.notes')} <span class="faint">${t('optional')}</span></label><textarea class="input" id="notes" name="notes" rows="2" maxlength="2000">${account?.notes ?? ''}</textarea></div>
    ${account ? html`<label class="line-choice s"><input class="check" type="checkbox" name="hidden" ${account.hidden ? html`checked` : ''}><span>${t('byhand.hidden')}<span class="hint">${t('byhand.hidden_hint')}</span></span></label>
      <label class="line-choice s"><input class="check" type="checkbox" name="closed" ${account.closed_at ? html`checked` : ''}><span>${t('byhand.closed')}<span class="hint">${t('byhand.closed_hint')}</span></span></label>` : ''}
    <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t(account ? 'save' : 'byhand.add_account')}</button></div></form>`);
  const form = find('form', box.root);
  find('#name', form).focus();
  runForm(form, async typed => {
    const kind = account?.kind ?? typed.kind;
    const balance = mayHold ? balanceOf(form, kind, account?.currency ?? typed.currency) : undefined;
    if (balance === null) return;
    const notes = typed.notes.trim() || null;
    let kept;
    if (account) {
      const { body, change } = await patch(`/v1/accounts/${account.id}`, { name: typed.name.trim(), notes, hidden: 'hidden' in typed, closed: 'closed' in typed, ...(balance ? { balance: { amount: balance } } : {}) }, { told: true });
      kept = body;
      remember(change, t('saved'));
    } else {
      kept = await post('/v1/accounts', { name: typed.name.trim(), kind, currency: typed.currency, notes, ...(balance ? { balance } : {}) }, { repeatable: true });
      toast(t('byhand.account_added', { name: kept.name }));
    }
    announce('accounts');
    box.close();
    done(kept);
  });
}

/** One transaction on an account that is kept by hand. `given`: the account it belongs to, where that is known. */
export async function openTransaction(given, done = () => {}) {
  await Promise.all([accounts(), readFiling()]);
  const own = [...get('accountsByID').values()].filter(each => each.by_hand && !each.closed_at);
  if (!own.length) {
    const box = openDialog({ title: t('byhand.new_transaction') });
    render(box.root, html`<p>${t('byhand.needs_account')}</p><div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="button" data-account>${t('byhand.new_account')}</button></div>`);
    find('[data-account]', box.root).addEventListener('click', () => { box.close(); openAccount(null, account => openTransaction(account.id, done)); });
    find('[data-account]', box.root).focus();
    return;
  }
  let category = null;
  const box = openDialog({ title: t('byhand.new_transaction') });
  render(box.root, html`<form class="stack"><div data-problem></div>
    <fieldset class="seg"><legend class="vh">${t('rules.field.direction')}</legend>${['out', 'in'].map(each => html`<label><input type="radio" name="direction" value="${each}" ${each === 'out' ? html`checked` : ''}>${t(`flow.${each}`)}</label>`)}</fieldset>
    <div class="pair">${field({ id: 'amount', label: t('byhand.amount'), mode: 'decimal' })}<div class="field"><label for="day">${t('day')}</label><input class="input" id="day" name="day" type="date" required value="${todayDay()}"></div></div>
    ${field({ id: 'what', label: t('byhand.what') })}
    <div class="pair"><div class="field"><label for="account">${t('account')}</label><select class="input" id="account" name="account">${own.map(each => html`<option value="${each.id}" ${each.id === given ? html`selected` : ''}>${each.name} (${each.currency})</option>`)}</select></div>
    <div class="field"><span class="label" id="hand-category-l">${t('category')}</span><button class="btn pickbtn" type="button" id="hand-category" aria-haspopup="listbox" aria-describedby="hand-category-l"></button></div></div>
    <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('byhand.add_transaction')}</button></div></form>`);
  const form = find('form', box.root);
  const show = () => render(find('#hand-category', form), html`<span class="clip">${category ? get('categoryNames').get(category) : t('byhand.by_itself')}</span>${icon('down')}`);
  show();
  on(form, 'click', '#hand-category', async (event, button) => { const code = await pickCategory(button, category, box.dialog); if (code) { category = code; show(); } });
  find('#amount', form).focus();
  runForm(form, async typed => {
    const amount = readAmount(typed.amount);
    if (amount === null || /^-?[0.]*$/.test(amount)) { mark(form, 'amount', t('field.amount')); find('#amount', form).focus(); return; }
    const account = own.find(each => each.id === typed.account);
    const positive = { amount: amount.replace('-', ''), currency: account.currency };
    const { body, change } = await post('/v1/transactions', { account: account.id, amount: typed.direction === 'out' ? negated(positive) : positive, booked_on: typed.day, name: typed.what.trim(), ...(category ? { category } : {}) }, { repeatable: true, told: true });
    remember(change, t('byhand.transaction_added', { name: body.name }));
    announce('transactions', { undo: true });
    announce('accounts');
    box.close();
    done(body);
  });
}
