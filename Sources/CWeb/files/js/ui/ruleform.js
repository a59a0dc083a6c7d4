// What should happen to rows of a kind? Conditions and actions as a form, tried out on what is there while it is typed.

import { get as ask, post, put } from '../api.js';
import { html, render, find, on, icon, debounce } from '../dom.js';
import { isAtLeast, accounts } from '../data.js';
import { moneyText, readAmount, typedAmount } from '../format.js';
import { readFiling, tagNamed } from '../filing.js';
import { announce } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { openDialog } from './dialog.js';
import { field, mark, showProblem } from './form.js';
import { pickCategory } from './picker.js';
import { toast } from './toast.js';

export const texts = ['any', 'name', 'description', 'merchant'];
const fields = [...texts, 'amount', 'account', 'direction', 'currency', 'bank_category', 'day'];
const comparisons = ['contains', 'equals', 'starts_with', 'matches'];

const partsOf = when => when.all ?? when.any ?? [when];
const fieldOf = part => part.text ?? fields.find(each => each in part);
/** Whether the form can show it: one level of conditions, each about one account at most. */
export const isPlain = when => partsOf(when).every(part => !part.all && !part.any && (part.account?.length ?? 1) <= 1);

const fresh = name => {
  if (texts.includes(name)) return { text: name, contains: '' };
  return { amount: { amount: { from: null, through: null } }, account: { account: [] }, direction: { direction: 'out' }, currency: { currency: '' }, bank_category: { bank_category: '' }, day: { day: { from: 1, through: 31 } } }[name];
};
const comparisonOf = part => comparisons.find(each => each in part) ?? 'contains';
const wait = pause => new Promise(done => setTimeout(done, pause));
const plainNumber = text => readAmount(text) ?? (text.trim() || null);

/** `given`: a rule, or what a new one begins with. */
export async function openRule(given, done = () => {}) {
  await Promise.all([readFiling(), get('accountsByID') ? null : accounts()]);
  const rule = { name: '', on: true, stops: true, from: null, through: null, when: { all: [fresh('any')] }, then: {}, ...structuredClone(given) };
  const isOld = Boolean(rule.id);
  let parts = isPlain(rule.when) ? partsOf(rule.when).map(each => ({ ...each })) : null;
  let joins = rule.when.any ? 'any' : 'all';
  let tags = (rule.then.tags ?? []).map(id => get('tagNames')?.get(id)).filter(Boolean).join(', ');
  const box = openDialog({ title: t(isOld ? 'rules.edit' : 'rules.new'), wide: true });

  const options = (names, chosen, words) => names.map(each => html`<option value="${each}" ${each === chosen ? html`selected` : ''}>${words(each)}</option>`);
  const value = (part, at) => {
    const label = t('rules.value');
    if (part.text) return html`<select class="input narrow" data-comparison aria-label="${t('rules.comparison')}">${options(comparisons, comparisonOf(part), each => t(`rules.op.${each}`))}</select><input class="input grow" data-value value="${part[comparisonOf(part)]}" aria-label="${label}" maxlength="200" autocomplete="off">`;
    if (part.amount) return html`<input class="input short" data-value="from" inputmode="decimal" value="${typedAmount(String(part.amount.from ?? ''))}" aria-label="${t('rules.at_least')}" placeholder="${t('rules.at_least')}"><input class="input short" data-value="through" inputmode="decimal" value="${typedAmount(String(part.amount.through ?? ''))}" aria-label="${t('rules.at_most')}" placeholder="${t('rules.at_most')}">`;
    if (part.day) return html`<input class="input short" type="number" min="1" max="31" data-value="from" value="${part.day.from}" aria-label="${t('filter.from')}"><input class="input short" type="number" min="1" max="31" data-value="through" value="${part.day.through}" aria-label="${t('filter.to')}">`;
    if (part.account) return html`<select class="input grow" data-value aria-label="${label}"><option value="">${t('sharing.choose')}</option>${[...get('accountsByID').values()].map(each => html`<option value="${each.id}" ${each.id === part.account[0] ? html`selected` : ''}>${each.name}${each.institution ? ` · ${each.institution}` : ''}</option>`)}</select>`;
    if (part.direction) return html`<select class="input grow" data-value aria-label="${label}">${options(['in', 'out'], part.direction, each => t(`rules.direction.${each}`))}</select>`;
    if ('currency' in part) return html`<input class="input short" data-value value="${part.currency}" aria-label="${label}" maxlength="3" placeholder="EUR" autocomplete="off">`;
    return html`<select class="input grow" data-value aria-label="${label}"><option value="">${t('sharing.choose')}</option>${get('categories').filter(each => each.system).map(each => html`<option value="${each.code}" ${each.code === part.bank_category ? html`selected` : ''}>${each.name}</option>`)}</select>`;
  };
  const paintParts = () => render(find('#rule-parts', box.root), html`${parts.map((part, at) => html`<li class="cond" data-part="${at}">
    <select class="input narrow" data-field aria-label="${t('rules.field')}" id="rule-field-${at}">${options(fields, fieldOf(part), each => t(`rules.field.${each}`))}</select>${value(part, at)}
    ${parts.length > 1 ? html`<button class="btn icon plain" type="button" data-drop aria-label="${t('rules.drop', { at: at + 1 })}">${icon('x')}</button>` : ''}</li>`)}`);
  const paintCategory = () => render(find('#rule-category', box.root), html`<span class="clip">${rule.then.category ? get('categoryNames').get(rule.then.category) ?? rule.then.category : t('rules.as_it_is')}</span>${icon('down')}`);

  render(box.root, html`<form class="stack"><div data-problem></div>
    ${field({ id: 'rule-name', label: t('name'), value: rule.name })}
    <fieldset class="stack tight"><legend class="label">${t('rules.when')}</legend>
      ${parts ? html`<label class="line-choice s"><span class="vh">${t('rules.joins')}</span><select class="input narrow" id="rule-joins">${options(['all', 'any'], joins, each => t(`rules.joins.${each}`))}</select></label>
        <ol class="stack tight" id="rule-parts"></ol><div><button class="btn plain" type="button" data-add-part>${icon('plus')}${t('rules.add_part')}</button></div>` : html`<p class="s muted">${t('rules.nested')}</p><pre class="scroll xs">${JSON.stringify(rule.when, null, 1)}</pre>`}</fieldset>
    <fieldset class="stack tight"><legend class="label">${t('rules.then')}</legend>
      <div class="pair"><div class="field"><span class="label" id="rule-category-l">${t('category')}</span><span class="chips nowrap"><button class="btn pickbtn" type="button" id="rule-category" aria-haspopup="listbox" aria-describedby="rule-category-l"></button>${rule.then.category ? html`<button class="btn icon plain" type="button" data-no-category aria-label="${t('rules.no_category')}">${icon('x')}</button>` : ''}</span></div>
      ${field({ id: 'rule-rename', label: t('rules.rename'), value: rule.then.rename ?? '', required: false })}</div>
      <div class="pair">${field({ id: 'rule-tags', label: t('tags'), value: tags, required: false, hint: t('rules.tags_hint') })}${field({ id: 'rule-notes', label: t('detail.notes'), value: rule.then.notes ?? '', required: false })}</div>
      <div class="chips"><label class="line-choice s"><input class="check" type="checkbox" id="rule-transfer" ${rule.then.transfer ? html`checked` : ''}><span>${t('rules.transfer')}</span></label>
      <label class="line-choice s"><input class="check" type="checkbox" id="rule-exclude" ${rule.then.exclude ? html`checked` : ''}><span>${t('detail.excluded')}</span></label></div>
      ${rule.then.split ? html`<p class="s muted">${t('rules.split_kept')}</p>` : ''}</fieldset>
    <details class="data"><summary>${t('rules.more')}</summary><div class="stack tight"><div class="pair"><div class="field"><label for="rule-from">${t('filter.from')}</label><input class="input" type="date" id="rule-from" value="${rule.from ?? ''}"></div><div class="field"><label for="rule-through">${t('filter.to')}</label><input class="input" type="date" id="rule-through" value="${rule.through ?? ''}"></div></div>
      <label class="line-choice s"><input class="check" type="checkbox" id="rule-stops" ${rule.stops ? html`checked` : ''}><span>${t('rules.stops')}</span></label></div></details>
    <section class="preview stack tight" aria-labelledby="rule-preview-h"><h3 class="s" id="rule-preview-h">${t('rules.preview')}</h3><div id="rule-preview" role="status"></div></section>
    ${isAtLeast('admin') ? html`<label class="line-choice s"><input class="check" type="checkbox" id="rule-past"><span>${t('rules.past')}</span></label>` : ''}
    <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t(isOld ? 'save' : 'rules.verb')}</button></div></form>`);
  const form = find('form', box.root);
  if (parts) paintParts();
  paintCategory();

  /** As the server takes it. Tags are named by their ids once they are kept. */
  const read = () => {
    const of = id => find(`#${id}`, form);
    const then = { ...(rule.then.category ? { category: rule.then.category } : {}), ...(of('rule-rename').value.trim() ? { rename: of('rule-rename').value.trim() } : {}), ...(of('rule-notes').value.trim() ? { notes: of('rule-notes').value.trim() } : {}), ...(of('rule-transfer').checked ? { transfer: true } : {}), ...(of('rule-exclude').checked ? { exclude: true } : {}), ...(rule.then.split ? { split: rule.then.split } : {}) };
    const names = of('rule-tags').value.split(',').map(each => each.trim().replace(/^#/, '')).filter(Boolean);
    const known = names.map(name => get('tags').find(each => each.name.toLowerCase() === name.toLowerCase())?.id).filter(Boolean);
    if (known.length) then.tags = known;
    return { names, body: { name: of('rule-name').value.trim() || t('rules.unnamed'), on: rule.on, ...(rule.position === undefined ? {} : { position: rule.position }), when: parts ? { [joins]: parts } : rule.when, then, stops: of('rule-stops').checked, from: of('rule-from').value || null, through: of('rule-through').value || null } };
  };
  const isEmpty = part => part.text ? !part[comparisonOf(part)].trim() : part.account ? !part.account[0] : part.amount ? part.amount.from === null && part.amount.through === null : 'currency' in part ? part.currency.length !== 3 : 'bank_category' in part ? !part.bank_category : false;
  let round = 0;
  const tryOut = async () => {
    const mine = ++round;
    const place = find('#rule-preview', form);
    const { body, names } = read();
    if (parts?.some(isEmpty)) { render(place, html`<p class="s muted">${t('rules.preview_waits')}</p>`); return; }
    if (!Object.keys(body.then).length && !names.length) { render(place, html`<p class="s muted">${t('rules.preview_nothing')}</p>`); return; }
    if (!Object.keys(body.then).length) body.then = { notes: '…' };
    try {
      const found = await post('/v1/rules/preview', body);
      if (mine !== round || !place.isConnected) return;
      const name = code => code === null ? t('uncategorised') : get('categoryNames').get(code) ?? code;
      render(place, html`<p class="s">${t('rules.fits', { count: found.matched })}${found.matched ? html` <span class="muted">${found.sums.map(each => moneyText(each)).join(', ')}</span>` : ''}${found.changed ? html` · <strong>${t('rules.changes', { count: found.changed })}</strong>` : ''}</p>
        ${found.sample.length ? html`<ul class="rows tightrows sample">${found.sample.slice(0, 6).map(each => html`<li class="s"><span class="grow clip">${each.name}</span><span class="muted clip">${each.before === each.after ? name(each.after) : html`${name(each.before)} → <strong>${name(each.after)}</strong>`}</span></li>`)}</ul>` : ''}`);
    } catch (error) {
      if (mine === round && place.isConnected) render(place, html`<p class="s bad-text">${Object.values(error.fields ?? {})[0] ? t('field.wrong', { what: Object.values(error.fields)[0] }) : refusalText(error)}</p>`);
    }
  };
  const soon = debounce(tryOut, 250);
  const partOf = element => parts[Number(element.closest('[data-part]').dataset.part)];

  on(form, 'change', '[data-field]', (event, select) => { const at = Number(select.closest('[data-part]').dataset.part); parts[at] = texts.includes(select.value) && parts[at].text ? { ...parts[at], text: select.value } : fresh(select.value); paintParts(); });
  on(form, 'change', '[data-comparison]', (event, select) => { const part = partOf(select); const text = part[comparisonOf(part)]; for (const each of comparisons) delete part[each]; part[select.value] = text; });
  on(form, 'input', '[data-value]', (event, input) => {
    const part = partOf(input);
    if (part.text) part[comparisonOf(part)] = input.value;
    else if (part.amount) part.amount[input.dataset.value] = plainNumber(input.value);
    else if (part.day) part.day[input.dataset.value] = Math.max(1, Math.min(31, Number(input.value) || 1));
    else if (part.account) part.account = input.value ? [input.value] : [];
    else if (part.direction) part.direction = input.value;
    else if ('currency' in part) part.currency = input.value.trim().toUpperCase();
    else part.bank_category = input.value;
  });
  on(form, 'click', '[data-add-part]', () => { parts.push(fresh('any')); paintParts(); find(`#rule-field-${parts.length - 1}`, form).focus(); soon(); });
  on(form, 'click', '[data-drop]', (event, button) => { parts.splice(Number(button.closest('[data-part]').dataset.part), 1); paintParts(); soon(); });
  on(form, 'change', '#rule-joins', (event, select) => { joins = select.value; });
  on(form, 'click', '#rule-category', async (event, button) => { const code = await pickCategory(button, rule.then.category, box.dialog); if (code) { rule.then.category = code; paintCategory(); soon(); } });
  on(form, 'click', '[data-no-category]', (event, button) => { delete rule.then.category; button.remove(); paintCategory(); soon(); });
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.noValidate = true;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (form.dataset.busy) return;
    if (!find('#rule-name', form).value.trim()) { mark(form, 'rule-name', t('field.missing')); find('#rule-name', form).focus(); return; }
    form.dataset.busy = 'yes';
    try {
      const { body, names } = read();
      if (names.length) body.then.tags = (await Promise.all(names.map(tagNamed))).map(each => each.id);
      const kept = isOld ? await put(`/v1/rules/${rule.id}`, body) : await post('/v1/rules', body, { repeatable: true });
      if (find('#rule-past', form)?.checked) await applyRule(kept); else toast(t(isOld ? 'saved' : 'rules.made', { name: kept.name }));
      box.close();
      done(kept);
    } catch (error) { showProblem(form, Object.keys(error.fields ?? {}).length ? { ...error, status: error.status, code: error.code, detail: t('field.wrong', { what: Object.values(error.fields)[0] }), fields: {} } : error); } finally { delete form.dataset.busy; }
  });
  find('#rule-name', form).focus();
  tryOut();
}

/** Does it to what is there, and offers the way back once all of it is done: the server goes through many rows by and by. */
export async function applyRule(rule) {
  const begun = await post(`/v1/rules/${rule.id}/apply`, undefined, { repeatable: true });
  announce('transactions', { undo: true });
  if (begun.finished_at) toldOf(begun, rule);
  else follow(begun, rule).catch(error => toast(refusalText(error), { bad: true }));
  return begun;
}

async function follow(run, rule) {
  let told = toast(t('rules.goes_on', { name: rule.name }));
  for (let round = 0; !run.finished_at && !run.undone_at; round += 1) {
    await wait(Math.min(300 + 100 * round, 3_000));
    const { data } = await ask('/v1/rule-runs');
    const now = data.find(each => each.id === run.id) ?? { ...run, finished_at: run.at };
    if (now.changed !== run.changed && !now.finished_at) {
      announce('transactions', { undo: true });
      told();
      told = toast(t('rules.goes_on_at', { name: rule.name, count: now.changed }));
    }
    run = now;
  }
  told();
  announce('transactions', { undo: true });
  announce('rules');
  toldOf(run, rule);
}

const toldOf = (run, rule) => toast(t('rules.applied', { name: rule.name, count: run.changed }), run.changed ? { action: () => undoRun(run) } : {});

export async function undoRun(run) {
  try {
    await post(`/v1/rule-runs/${run.id}/undo`);
    toast(t('undo.done'));
    announce('transactions', { undo: true });
    announce('rules');
  } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); }
}

/** The server's list, and how far it goes. */
export const readRules = () => ask('/v1/rules').then(body => body.data);
