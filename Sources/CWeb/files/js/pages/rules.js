// What happens by itself? Rules in the order in which they are asked, what each would do, and what they did.

import { can, get as ask, put, remove } from '../api.js';
import { html, render, on, icon } from '../dom.js';
import { accounts, isAtLeast } from '../data.js';
import { ageHTML, dayText } from '../format.js';
import { readFiling } from '../filing.js';
import { onChange } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { openRule, applyRule, undoRun, readRules } from '../ui/ruleform.js';
import { empty, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

export default async function mount(root, { query }) {
  let rules = [];
  render(root, html`<div class="head"><h1>${t('place.rules')}</h1></div><section class="card">${skeleton(4)}</section>`);
  const paint = async () => {
    let runs;
    [rules, { data: runs }] = await Promise.all([readRules(), ask('/v1/rule-runs'), accounts(), readFiling()]);
    const mayWrite = isAtLeast('member');
    const mayApply = isAtLeast('admin');
    render(root, html`<div class="head"><div><h1>${t('place.rules')}</h1><p class="s muted">${t('rules.words')}</p></div>${mayWrite ? html`<button class="btn primary" type="button" data-new>${icon('plus')}${t('rules.new')}</button>` : ''}</div>
      ${rules.length ? html`<section class="card" aria-labelledby="rules-h"><header><h2 id="rules-h">${t('rules.order')}</h2><span class="s muted">${t('rules.count', { count: rules.length })}</span></header>
        <ol class="rows">${rules.map((rule, at) => html`<li class="wrapping ${rule.on ? '' : 'is-over'}" data-rule="${rule.id}">
          <div class="grow"><div class="name">${rule.name}${rule.on ? '' : html` <span class="badge">${t('rules.off')}</span>`}</div><p class="s muted">${conditionText(rule.when)} → ${actionText(rule.then)}</p>
          ${rule.from || rule.through ? html`<p class="xs muted">${[rule.from ? t('filter.since', { day: dayText(rule.from) }) : '', rule.through ? t('filter.until', { day: dayText(rule.through) }) : ''].filter(Boolean).join(' · ')}</p>` : ''}</div>
          ${mayWrite ? html`<div class="chips">${rules.length > 1 ? html`<button class="btn icon plain" type="button" data-up="${rule.id}" aria-label="${t('rules.up', { name: rule.name })}" ${at ? '' : html`disabled`}>${icon('up')}</button><button class="btn icon plain" type="button" data-down="${rule.id}" aria-label="${t('rules.down', { name: rule.name })}" ${at < rules.length - 1 ? '' : html`disabled`}>${icon('down')}</button>` : ''}
          ${mayApply ? html`<button class="btn" type="button" data-apply="${rule.id}">${t('rules.apply')}</button>` : ''}<button class="btn" type="button" data-edit="${rule.id}" aria-label="${t('rules.edit_of', { name: rule.name })}">${t('rules.change')}</button>
          <button class="btn plain" type="button" data-toggle="${rule.id}" aria-label="${t(rule.on ? 'rules.switch_off_of' : 'rules.switch_on_of', { name: rule.name })}">${t(rule.on ? 'rules.switch_off' : 'rules.switch_on')}</button><button class="btn plain quiet-danger" type="button" data-delete="${rule.id}" aria-label="${t('rules.delete_of', { name: rule.name })}">${t('delete')}</button></div>` : ''}</li>`)}</ol></section>`
        : html`<section class="card">${empty({ drawing: 'bolt', title: t('rules.none'), words: t('rules.none_words'), action: mayWrite ? html`<button class="btn primary" type="button" data-new>${t('rules.new')}</button>` : '' })}</section>`}
      ${runs.length ? html`<section class="card" aria-labelledby="runs-h"><h2 id="runs-h">${t('rules.runs')}</h2><ol class="rows">${runs.slice(0, 20).map((run, at) => html`<li class="wrapping ${run.undone_at ? 'is-over' : ''}"><div class="grow"><span class="name">${run.name}</span><p class="xs muted">${ageHTML(run.at)} · ${t('rules.run_counts', { count: run.matched, changed: run.changed })}${run.undone_at ? ` · ${t('history.undone')}` : run.finished_at ? '' : ` · ${t('rules.run_goes_on')}`}</p></div>${mayApply && !run.undone_at && run.finished_at && run.changed ? html`<button class="btn" type="button" data-undo-run="${at}">${t('undo')}</button>` : ''}</li>`)}</ol></section>` : ''}`);
    shownRuns = runs;
  };
  let shownRuns = [];
  const find = id => rules.find(each => each.id === id);
  const safely = async act => { try { await act(); await paint(); } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); } };
  const body = ({ id, ...rest }) => rest;
  const move = (id, step) => safely(async () => {
    const order = rules.map(each => each.id);
    const at = order.indexOf(id);
    [order[at], order[at + step]] = [order[at + step], order[at]];
    // Positions may have gaps or be equal: each rule gets its place in the new order.
    for (const [place, each] of order.entries()) { const rule = find(each); if (rule.position !== place + 1) await put(`/v1/rules/${each}`, { ...body(rule), position: place + 1 }); }
  });
  const ends = [
    on(root, 'click', '[data-new]', () => openRule({}, paint)),
    on(root, 'click', '[data-edit]', (event, button) => openRule(find(button.dataset.edit), paint)),
    on(root, 'click', '[data-toggle]', (event, button) => safely(async () => { const rule = find(button.dataset.toggle); await put(`/v1/rules/${rule.id}`, { ...body(rule), on: !rule.on }); })),
    on(root, 'click', '[data-up]', (event, button) => move(button.dataset.up, -1)),
    on(root, 'click', '[data-down]', (event, button) => move(button.dataset.down, 1)),
    on(root, 'click', '[data-apply]', (event, button) => safely(() => applyRule(find(button.dataset.apply)))),
    on(root, 'click', '[data-undo-run]', (event, button) => safely(() => undoRun(shownRuns[Number(button.dataset.undoRun)]))),
    on(root, 'click', '[data-delete]', (event, button) => safely(async () => {
      const rule = find(button.dataset.delete);
      await remove(`/v1/rules/${rule.id}`);
      toast(t('delete.done', { name: rule.name }), { action: () => safely(async () => { const { post } = await import('../api.js'); await post('/v1/rules', body(rule), { repeatable: true }); toast(t('undo.done')); }) });
    })),
    onChange(change => { if (['rules', 'filing', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
  ];
  await paint();
  if (query.get('new') !== null && can('POST /v1/rules') && isAtLeast('member')) openRule({}, paint);
  return () => { for (const end of ends) end(); };
}

const list = items => new Intl.ListFormat(t('lang'), { type: 'conjunction' }).format(items);
const either = items => new Intl.ListFormat(t('lang'), { type: 'disjunction' }).format(items);

/** A condition in words. */
export function conditionText(when) {
  if (when.all) return list(when.all.map(conditionText));
  if (when.any) return either(when.any.map(conditionText));
  if (when.text) {
    const op = ['contains', 'equals', 'starts_with', 'matches'].find(each => each in when);
    return t(`rules.says.${op}`, { field: t(`rules.field.${when.text}`), value: when[op] });
  }
  if (when.amount) return t(when.amount.from === null ? 'rules.says.amount_to' : when.amount.through === null ? 'rules.says.amount_from' : 'rules.says.amount', when.amount);
  if (when.account) return t('rules.says.account', { value: either(when.account.map(id => get('accountsByID')?.get(id)?.name ?? id)) });
  if (when.direction) return t(`rules.direction.${when.direction}`);
  if (when.day) return t('rules.says.day', when.day);
  if (when.currency) return t('rules.says.currency', { value: when.currency });
  return t('rules.says.bank_category', { value: get('categoryNames')?.get(when.bank_category) ?? when.bank_category });
}

/** What it does, in words. */
export function actionText(then) {
  const name = code => get('categoryNames')?.get(code) ?? code;
  return list([
    then.category ? name(then.category) : '', then.transfer ? t('rules.does.transfer') : '', then.rename ? t('rules.does.rename', { value: then.rename }) : '',
    then.notes ? t('rules.does.notes', { value: then.notes }) : '', ...(then.tags ?? []).map(id => `#${get('tagNames')?.get(id) ?? ''}`),
    then.exclude ? t('rules.does.exclude') : '', then.split ? t('rules.does.split', { value: list(then.split.map(each => `${each.percent} % ${name(each.category)}`)) }) : '',
  ].filter(Boolean));
}
