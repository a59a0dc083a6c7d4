// Does it stay within what was planned? A line for each budget and how the month goes, and goals below.

import { can, get as ask, put, post, remove } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { accounts, isAtLeast } from '../data.js';
import { addDays, moneyHTML, moneyText, size, sum, dayText, monthText, percent, readAmount, todayDay, typedAmount, isHidden, isNegative } from '../format.js';
import { readFiling } from '../filing.js';
import { announce, onChange } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { openDialog } from '../ui/dialog.js';
import { field, mark, runForm } from '../ui/form.js';
import { budgetLine } from '../ui/plans.js';
import { codeOfGroup, shareBar, spendingWords } from '../ui/rows.js';
import { empty, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  let budgets = [];
  let goals = [];
  render(root, html`<div class="head"><h1>${t('place.budgets')}</h1></div><section class="card">${skeleton(6)}</section>`);
  const paint = async () => {
    [{ data: budgets }, { data: goals }] = await Promise.all([ask('/v1/budgets'), can('GET /v1/goals') ? ask('/v1/goals') : { data: [] }, accounts(), readFiling()]);
    const mayWrite = isAtLeast('member');
    const month = budgets[0];
    const suggested = budgets.length || !mayWrite ? [] : await suggest();
    render(root, html`
      <div class="head"><div><h1>${t('place.budgets')}</h1><p class="s muted">${month ? t('budgets.month', { month: monthText(month.from, true), from: dayText(month.from), to: dayText(month.to) }) : t('budgets.words')}</p></div>${mayWrite ? html`<button class="btn primary" type="button" data-new>${icon('plus')}${t('budgets.new')}</button>` : ''}</div>
      ${budgets.length ? html`${totalCard(budgets)}<section class="card" aria-labelledby="budgets-h"><h2 id="budgets-h" class="vh">${t('place.budgets')}</h2><ul class="rows">${budgets.map(each => html`<li class="stack tight top-row">${budgetLine(each)}
          <p class="xs muted">${[isHidden() ? '' : t('budgets.pace', { amount: moneyText(each.projected, { whole: true }) }), each.rollover === 'none' ? '' : t(`budgets.rollover.${each.rollover}.short`), size(each.carried) && !isHidden() ? t('budgets.carried', { amount: moneyText(each.carried, { plus: true }) }) : ''].filter(Boolean).join(' · ')}
          ${mayWrite ? html` <button class="linkish" type="button" data-edit="${each.category}" aria-label="${t('budgets.edit_of', { name: spendingWords(each.category) })}">${t('rules.change')}</button>` : ''} <a href="/transactions?category=${each.category}&from=${each.from}&to=${each.to}">${t('cashflow.open')}</a></p></li>`)}</ul></section>`
        : html`<section class="card">${suggested.length ? html`<h2>${t('budgets.start', { count: suggested.length })}</h2><p class="s muted">${t('budgets.start_words')}</p>
          <form class="stack" id="suggested"><ul class="stack tight">${suggested.map(each => html`<li><label class="opt small"><input class="check" type="checkbox" name="take" value="${each.code}" data-amount="${each.amount.amount}" checked><span class="grow clip">${spendingWords(each.code)}</span>${moneyHTML(each.amount, { whole: true })}</label></li>`)}</ul><div class="actions"><button class="btn primary" type="submit">${t('budgets.take')}</button></div></form>`
          : empty({ drawing: 'pie', title: t('budgets.none'), words: t('budgets.none_words'), action: mayWrite ? html`<button class="btn" type="button" data-new>${t('budgets.new')}</button>` : '' })}</section>`}
      ${can('GET /v1/goals') ? html`<section class="card" aria-labelledby="goals-h"><header><h2 id="goals-h">${t('goals.title')}</h2>${mayWrite ? html`<button class="btn" type="button" data-new-goal>${icon('plus')}${t('goals.new')}</button>` : ''}</header>
        ${goals.length ? html`<ul class="rows">${goals.map((each, at) => goalRow(each, at, mayWrite))}</ul>` : html`<p class="s muted">${t('goals.none')}</p>`}</section>` : ''}`);
  };
  /** What a month of the largest groups cost lately, rounded up to tens. */
  const suggest = async () => {
    const today = todayDay();
    const from = addDays(today, -91);
    const { data } = await ask(`/v1/spending?from=${from}&to=${addDays(today, -1)}&by=group&limit=12`);
    return data.map(each => ({ ...each, code: codeOfGroup(each.key) })).filter(each => size(each.amount) > 30 && get('categories').some(one => one.code === each.code)).slice(0, 6)
      .map(each => ({ code: each.code, amount: { amount: String(Math.max(10, Math.ceil(size(each.amount) / 3 / 10) * 10)), currency: each.amount.currency } }));
  };
  const safely = async act => { try { await act(); announce('plans'); await paint(); } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); } };
  const save = ({ category, amount, rollover }) => put(`/v1/budgets/${category}`, { amount, rollover });
  const edit = each => openBudget(each, {
    taken: new Set(budgets.map(one => one.category)),
    send: async typed => { const kept = await save(typed); toast(t('budgets.kept', { name: spendingWords(kept.category), amount: moneyText(kept.amount) })); announce('plans'); await paint(); },
    drop: () => safely(async () => {
      await remove(`/v1/budgets/${each.category}`);
      toast(t('delete.done', { name: spendingWords(each.category) }), { action: () => safely(() => put(`/v1/budgets/${each.category}`, { amount: each.amount.amount, rollover: each.rollover, starts_on: each.starts_on })) });
    }),
  });
  const ends = [
    on(root, 'click', '[data-new]', () => edit(null)),
    on(root, 'click', '[data-edit]', (event, button) => edit(budgets.find(each => each.category === button.dataset.edit))),
    on(root, 'submit', '#suggested', (event, form) => { event.preventDefault(); safely(async () => { for (const box of form.querySelectorAll('input:checked')) await save({ category: box.value, amount: box.dataset.amount, rollover: 'none' }); }); }),
    on(root, 'click', '[data-new-goal]', () => openGoal(paint)),
    on(root, 'click', '[data-drop-goal]', (event, button) => safely(async () => {
      const goal = goals[Number(button.dataset.dropGoal)];
      await remove(`/v1/goals/${goal.id}`);
      toast(t('delete.done', { name: goal.name }), { action: () => safely(() => post('/v1/goals', { name: goal.name, amount: goal.target.amount, ...(goal.account ? { account: goal.account } : {}), ...(goal.due_on ? { due_on: goal.due_on } : {}) }, { repeatable: true })) });
    })),
    onChange(change => { if (['plans', 'transactions', 'accounts', 'filing', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
  ];
  await paint();
  return () => { for (const end of ends) end(); };
}

function totalCard(budgets) {
  const currency = budgets[0].amount.currency;
  const total = name => sum(budgets.map(each => each[name]), currency);
  const left = total('left');
  return html`<section class="card" aria-label="${t('budgets.total')}"><dl class="totals"><div><dt>${t('budgets.left')}</dt><dd>${moneyHTML(left, { more: isNegative(left) ? 'over' : '' })}</dd></div><div><dt>${t('budgets.spent')}</dt><dd>${moneyHTML(total('spent'))}</dd></div><div><dt>${t('budgets.planned')}</dt><dd>${moneyHTML(total('amount'))}</dd></div></dl></section>`;
}

function goalRow(each, at, mayWrite) {
  const part = each.share === null ? null : Number(each.share);
  const account = each.account && get('accountsByID')?.get(each.account)?.name;
  return html`<li class="stack tight top-row"><div class="spread nowrap"><span class="name clip">${each.name}</span><span class="s">${moneyHTML(each.saved)} <span class="faint">${t('of')}</span> ${moneyHTML(each.target, { whole: true })}</span></div>
    ${part === null || isHidden() ? '' : shareBar(part, part >= 1 ? 'ok' : '', t('goals.reached', { part: percent(part) }))}
    <p class="xs muted">${[part === null || isHidden() ? '' : t('goals.reached', { part: percent(part) }), account ? t('goals.on', { account }) : t('goals.liquid'), each.due_on ? t('filter.until', { day: dayText(each.due_on) }) : '', each.monthly && !isHidden() && part < 1 ? t('goals.monthly', { amount: moneyText(each.monthly) }) : ''].filter(Boolean).join(' · ')}
    ${mayWrite ? html` <button class="linkish" type="button" data-drop-goal="${at}" aria-label="${t('views.drop', { name: each.name })}">${t('delete')}</button>` : ''}</p></li>`;
}

function openBudget(each, { taken, send, drop }) {
  const box = openDialog({ title: each ? spendingWords(each.category) : t('budgets.new') });
  const groups = get('categories').filter(one => !one.parent && one.flow === 'expense');
  const option = one => taken.has(one.code) ? '' : html`<option value="${one.code}">${one.name}</option>`;
  render(box.root, html`<form class="stack"><div data-problem></div>
    ${each ? '' : html`<div class="field"><label for="category">${t('category')}</label><select class="input" id="category" name="category">${groups.map(group => html`<optgroup label="${group.name}">${taken.has(group.code) ? '' : html`<option value="${group.code}">${t('budgets.all_of', { name: group.name })}</option>`}${get('categories').filter(one => one.parent === group.code && !one.hidden).map(option)}</optgroup>`)}</select></div>`}
    ${field({ id: 'amount', label: t('budgets.amount', { currency: get('household').base_currency }), value: each ? typedAmount(each.amount.amount.replace(/[.]00$/, '')) : '', mode: 'decimal' })}
    <fieldset class="stack tight"><legend class="label">${t('budgets.rollover')}</legend>${['none', 'surplus', 'both'].map(name => html`<label class="opt small"><input class="check" type="radio" name="rollover" value="${name}" ${(each?.rollover ?? 'none') === name ? html`checked` : ''}><span class="grow"><span class="name">${t(`budgets.rollover.${name}`)}</span><span class="xs muted">${t(`budgets.rollover.${name}.words`)}</span></span></label>`)}</fieldset>
    <div class="actions">${each ? html`<button class="btn danger" type="button" data-drop>${t('delete')}</button>` : ''}<button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('save')}</button></div></form>`);
  const form = find('form', box.root);
  find('[data-drop]', form)?.addEventListener('click', () => { box.close(); drop(); });
  runForm(form, async typed => {
    const amount = readAmount(typed.amount);
    if (amount === null || !(Number(amount) > 0)) { mark(form, 'amount', t('field.amount')); find('#amount', form).focus(); return; }
    await send({ category: each?.category ?? typed.category, amount, rollover: typed.rollover });
    box.close();
  });
  find(each ? '#amount' : '#category', form).focus();
}

function openGoal(done) {
  const box = openDialog({ title: t('goals.new') });
  render(box.root, html`<form class="stack"><div data-problem></div>${field({ id: 'name', label: t('goals.name'), hint: t('goals.name_hint') })}
    <div class="pair">${field({ id: 'amount', label: t('byhand.amount'), mode: 'decimal' })}<div class="field"><label for="due">${t('goals.due')} <span class="faint">${t('optional')}</span></label><input class="input" type="date" id="due" name="due" min="${addDays(todayDay(), 1)}"></div></div>
    <div class="field"><label for="account">${t('goals.account')}</label><select class="input" id="account" name="account"><option value="">${t('goals.liquid')}</option>${[...get('accountsByID').values()].filter(each => !each.closed_at && each.balance.current && !isNegative(each.balance.current)).map(each => html`<option value="${each.id}">${each.name} (${each.currency})</option>`)}</select></div>
    <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('goals.verb')}</button></div></form>`);
  const form = find('form', box.root);
  runForm(form, async typed => {
    const amount = readAmount(typed.amount);
    if (amount === null || !(Number(amount) > 0)) { mark(form, 'amount', t('field.amount')); find('#amount', form).focus(); return; }
    const made = await post('/v1/goals', { name: typed.name.trim(), amount, ...(typed.account ? { account: typed.account } : {}), ...(typed.due ? { due_on: typed.due } : {}) }, { repeatable: true });
    toast(t('goals.made', { name: made.name }));
    announce('plans');
    box.close();
    await done();
  });
  find('#name', form).focus();
}
