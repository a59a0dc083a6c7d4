// What comes in, what goes out, and what is left? By month, with the banks it comes from.

import { can, get as ask, lastAnswer } from '../api.js';
import { html, render, find, on } from '../dom.js';
import { draw } from '../charts.js';
import { accounts, connections } from '../data.js';
import { isZero, moneyHTML, monthText, size, percent, sum, setToday, isHidden } from '../format.js';
import { onChange } from '../live.js';
import { readFiling } from '../filing.js';
import { get } from '../store.js';
import { t } from '../texts.js';
import { banners, healthLine, connectionButtons, connectButton } from '../ui/health.js';
import { spendingWords, shareBar, colourOf, filedRows } from '../ui/rows.js';
import { empty, errorCard, skeleton } from '../ui/states.js';
import { flowChart, spendingGroups } from './overview.js';

const spans = [6, 12, 24];
const groupings = ['person', 'account', 'merchant', 'tag'];

export default async function mount(root, { query, keepsFocus }) {
  let months = spans.includes(Number(query.get('months'))) ? Number(query.get('months')) : 12;
  let chosen = query.get('month');
  let by = groupings.includes(query.get('by')) ? query.get('by') : 'person';
  let isGone = false;
  const draws = [];
  if (!keepsFocus && !lastAnswer(`/v1/overview?months=${months}`)) render(root, html`<div class="head"><h1>${t('place.cash-flow')}</h1></div><section class="card">${skeleton(6)}</section>`);
  const paint = async () => {
    const [overview, banks] = await Promise.all([ask(`/v1/overview?months=${months}`), connections(), readFiling()]);
    if (isGone) return;
    setToday(overview.today);
    for (const end of draws.splice(0)) end();
    const list = overview.months.slice(-months);
    const month = list.find(each => each.month === chosen) ?? list.at(-1);
    const charts = [];
    const hasRows = overview.rows.posted > 0;
    const parted = find('#by', root);
    render(root, html`
      <div class="head"><div><h1>${t('place.cash-flow')}</h1><p class="s muted">${t('cashflow.words')}</p></div></div>
      <section class="card" aria-labelledby="banks-h" id="connect-card"><header><h2 id="banks-h">${t('connections')}</h2>${connectButton()}</header>
        ${banks.length ? html`${banners(banks)}${healthLine(banks)}` : html`<p class="s muted">${t('cashflow.no_banks')}</p>`}</section>
      ${hasRows ? html`
        <section class="card" aria-labelledby="flow-h"><header><h2 id="flow-h">${t('flow.title')}</h2>
          <fieldset class="seg"><legend class="vh">${t('range')}</legend>${spans.map(each => html`<label><input type="radio" name="span" value="${each}" ${each === months ? html`checked` : ''}>${t('range.months', { count: each })}</label>`)}</fieldset></header>
          ${flowChart(overview, list, charts)}</section>
        <div class="grid"><div class="w5 stack"><section class="card" aria-labelledby="month-h"><header><h2 id="month-h">${t('cashflow.month')}</h2><select class="input narrow" id="month" aria-label="${t('month')}">${[...list].reverse().map(each => html`<option value="${each.month}" ${each === month ? html`selected` : ''}>${monthText(each.month, true)}</option>`)}</select></header>
          <div id="beside">${beside(month, null, overview)}</div>
          <p class="foot"><a href="/transactions?from=${month.from}&to=${month.to}">${t('cashflow.open')}</a></p></section><div id="by"></div></div>
        <section class="card w7" aria-labelledby="where-h"><header><h2 id="where-h">${t('spending.title', { month: monthText(month.month, true) })}</h2></header>${spendingTable(overview, month, list)}</section></div>` : html`<section class="card">${empty({ drawing: 'flow', title: t('cashflow.none'), words: t('cashflow.none_words') })}</section>`}`);
    for (const chart of charts) draws.push(draw(root, chart.id, overview.base_currency, chart.make));
    if (parted) find('#by', root)?.replaceWith(parted);
    if (hasRows) paintBeside(overview, month).catch(error => { if (!isGone && find('#by', root)) render(find('#by', root), errorCard(error)); });
  };
  /** What the month is compared with, and whose it was, takes the server longer. */
  const paintBeside = async (overview, month) => {
    if (!can('GET /v1/cashflow')) return;
    const [{ data }] = await Promise.all([ask(`/v1/cashflow?period=month&count=${months + 1}&by=${by}&limit=20`), get('accountsByID') ? null : accounts()]);
    const at = data.findIndex(each => each.from === month.from);
    if (isGone || at < 0 || !find('#by', root)) return;
    render(find('#beside', root), beside(month, data[at], overview));
    render(find('#by', root), byCard(data[at], data[at - 1] ?? null, month, by));
  };
  const keep = () => history.replaceState(history.state, '', `/cash-flow?${new URLSearchParams({ months, ...(chosen ? { month: chosen } : {}), ...(by === 'person' ? {} : { by }) })}`);
  const ends = [
    connectionButtons(root),
    on(root, 'change', '[name=span]', async (event, input) => { months = Number(input.value); keep(); await paint(); find(`[name=span][value="${months}"]`, root)?.focus(); }),
    on(root, 'change', '[name=flow-by]', async (event, input) => { by = input.value; keep(); await paint(); find(`[name=flow-by][value=${by}]`, root)?.focus(); }),
    on(root, 'change', '#month', async (event, select) => { chosen = select.value; keep(); await paint(); }),
    onChange(change => { if (['connections', 'accounts', 'transactions', 'runs', 'filing', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
  ];
  await paint();
  return () => { isGone = true; for (const end of [...ends, ...draws]) end(); };
}

function spendingTable(overview, month, list) {
  const currency = overview.base_currency;
  const groups = spendingGroups(month, currency).filter(each => size(each.total) !== 0);
  if (!groups.length) return html`<p class="s muted">${t('spending.none')}</p>`;
  const at = list.indexOf(month);
  const before = at > 0 ? new Map(spendingGroups(list[at - 1], currency).map(each => [each.code, each.total])) : new Map();
  const largest = Math.max(1, ...groups.map(each => size(each.total)));
  const details = code => month.spending.filter(each => each.category === code || each.category.startsWith(`${code}_`));
  return html`<ul class="stack">${groups.map(each => {
    const last = before.get(each.code);
    const change = last ? sum([each.total, { ...last, amount: last.amount.startsWith('-') ? last.amount.slice(1) : `-${last.amount}` }], currency) : null;
    return html`<li class="stack tight"><details class="unfold"><summary><span class="cat ${colourOf(each.code)}">${spendingWords(each.code)}</span><span class="end">${moneyHTML(each.total)}</span></summary>
      <ul class="inner">${details(each.code).map(row => html`<li class="spread nowrap s"><a class="plainlink clip" href="${filedRows(row.category, month)}">${spendingWords(row.category)}</a>${moneyHTML(row.amount)}</li>`)}</ul></details>
      ${isHidden() ? '' : shareBar(size(each.total) / largest, colourOf(each.code), '')}
      ${change && at < list.length - 1 ? html`<span class="xs muted">${moneyHTML(change, { plus: true })} ${t('spending.against_before')}</span>` : ''}</li>`;
  })}</ul>`;
}

/** The month's figures; once they are known, those of the month before and of the year before stand beside them. */
function beside(month, flow, overview) {
  const isOver = flow?.complete ?? month.to < overview.today;
  const others = flow ? [['before', flow.before], ['year_before', flow.year_before]].map(([name, each]) => ({ name, ...each, isKnown: !isZero(each.income) || !isZero(each.expenses) })) : [];
  const back = count => { const date = new Date(`${month.from}T12:00:00Z`); date.setUTCMonth(date.getUTCMonth() - count); const day = date.toISOString(); return day.slice(0, 4) === overview.today.slice(0, 4) ? monthText(day) : `${monthText(day)} ${day.slice(0, 4)}`; };
  const row = (name, key, tone) => html`<tr><th scope="row">${name}</th><td class="n"><strong>${moneyHTML(month[key], tone)}</strong></td>${others.map(each => html`<td class="n">${each.isKnown ? moneyHTML(each[key], { ...tone, tone: false, whole: true }) : '–'}</td>`)}</tr>`;
  const rate = size(month.income) > 0 && !isHidden() ? html`<p class="s spread"><span class="muted">${t('flow.rate')}</span><span>${size(month.net) < 0 ? t('flow.nothing_saved') : percent(size(month.net) / size(month.income))}</span></p>` : '';
  return html`<div class="stack"><div class="scroll" ${others.length ? html`tabindex="0" role="region" aria-labelledby="month-h"` : ''}><table class="beside"><caption class="vh">${t('cashflow.compared', { month: monthText(month.month, true) })}</caption>
    <thead><tr><td></td><th class="n" scope="col">${monthText(month.month)}${isOver ? '' : html`<span class="xs muted">${t('cashflow.so_far')}</span>`}</th>${others.map(each => html`<th class="n" scope="col">${back(each.name === 'before' ? 1 : 12)}<span class="xs muted">${t(`cashflow.${each.name}`)}</span></th>`)}</tr></thead>
    <tbody>${row(t('flow.in'), 'income', { tone: true })}${row(t('flow.out'), 'expenses', {})}${row(t('flow.left'), 'net', { tone: true, plus: true })}</tbody></table></div>${rate}
    ${flow && !isOver ? html`<p class="xs muted">${t('cashflow.compared_words', { month: monthText(month.month, true) })}</p>` : ''}</div>`;
}

/** The month by person, account, merchant or tag, with what was left the month before. */
function byCard(flow, last, month, by) {
  const lines = flow.lines ?? [];
  const before = new Map((last?.lines ?? []).map(each => [each.key, each]));
  const name = each => by === 'account' ? get('accountsByID')?.get(each.key)?.name ?? each.name : each.key ? each.name : lines.length > 20 && each === lines.at(-1) ? t('reports.rest') : t(`reports.without.${by}`);
  return html`<section class="card" aria-labelledby="by-h"><header><h2 id="by-h">${t('cashflow.by')}</h2><fieldset class="seg"><legend class="vh">${t('reports.by')}</legend>${groupings.map(each => html`<label><input type="radio" name="flow-by" value="${each}" ${each === by ? html`checked` : ''}>${t(`reports.by.${each}`)}</label>`)}</fieldset></header>
    ${lines.length ? html`<div class="scroll" tabindex="0" role="region" aria-labelledby="by-h"><table class="beside"><thead><tr><th scope="col">${t(`reports.by.${by}`)}</th><th class="n" scope="col">${t('flow.in')}</th><th class="n" scope="col">${t('flow.out')}</th><th class="n" scope="col">${t('flow.left')}</th>${last ? html`<th class="n" scope="col">${t('cashflow.by_before', { month: monthText(last.from) })}</th>` : ''}</tr></thead>
      <tbody>${lines.map(each => html`<tr><th scope="row">${name(each)}</th><td class="n">${moneyHTML(each.income, { tone: true })}</td><td class="n">${moneyHTML(each.expenses)}</td><td class="n">${moneyHTML(each.net, { plus: true })}</td>${last ? html`<td class="n muted">${before.has(each.key) ? moneyHTML(before.get(each.key).net, { plus: true, whole: true }) : '–'}</td>` : ''}</tr>`)}</tbody></table></div>` : html`<p class="s muted">${t('cashflow.by_none')}</p>`}</section>`;
}
