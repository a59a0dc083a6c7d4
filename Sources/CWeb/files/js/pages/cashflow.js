// What comes in, what goes out, and what is left? By month, with the banks it comes from.

import { get as ask, lastAnswer } from '../api.js';
import { html, render, find, on } from '../dom.js';
import { draw } from '../charts.js';
import { connections } from '../data.js';
import { moneyHTML, monthText, size, percent, sum, setToday, isHidden } from '../format.js';
import { onChange } from '../live.js';
import { readFiling } from '../filing.js';
import { t } from '../texts.js';
import { banners, healthLine, connectionButtons, connectButton } from '../ui/health.js';
import { spendingWords, shareBar, colourOf } from '../ui/rows.js';
import { empty, skeleton } from '../ui/states.js';
import { flowChart, spendingGroups } from './overview.js';

const spans = [6, 12, 24];

export default async function mount(root, { query, keepsFocus }) {
  let months = spans.includes(Number(query.get('months'))) ? Number(query.get('months')) : 12;
  let chosen = query.get('month');
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
    render(root, html`
      <div class="head"><div><h1>${t('place.cash-flow')}</h1><p class="s muted">${t('cashflow.words')}</p></div></div>
      <section class="card" aria-labelledby="banks-h" id="connect-card"><header><h2 id="banks-h">${t('connections')}</h2>${connectButton()}</header>
        ${banks.length ? html`${banners(banks)}${healthLine(banks)}` : html`<p class="s muted">${t('cashflow.no_banks')}</p>`}</section>
      ${hasRows ? html`
        <section class="card" aria-labelledby="flow-h"><header><h2 id="flow-h">${t('flow.title')}</h2>
          <fieldset class="seg"><legend class="vh">${t('range')}</legend>${spans.map(each => html`<label><input type="radio" name="span" value="${each}" ${each === months ? html`checked` : ''}>${t('range.months', { count: each })}</label>`)}</fieldset></header>
          ${flowChart(overview, list, charts)}</section>
        <div class="grid"><section class="card w4" aria-labelledby="month-h"><header><h2 id="month-h">${monthText(month.month, true)}</h2></header>
          <div class="field"><label class="vh" for="month">${t('month')}</label><select class="input" id="month">${[...list].reverse().map(each => html`<option value="${each.month}" ${each === month ? html`selected` : ''}>${monthText(each.month, true)}</option>`)}</select></div>
          <dl class="facts big-facts"><dt>${t('flow.in')}</dt><dd>${moneyHTML(month.income, { tone: true })}</dd><dt>${t('flow.out')}</dt><dd>${moneyHTML(month.expenses)}</dd><dt>${t('flow.left')}</dt><dd>${moneyHTML(month.net, { tone: true, plus: true })}</dd>
          ${size(month.income) > 0 && !isHidden() ? html`<dt>${t('flow.rate')}</dt><dd>${size(month.net) < 0 ? t('flow.nothing_saved') : percent(size(month.net) / size(month.income))}</dd>` : ''}</dl>
          <p class="foot"><a href="/transactions?from=${month.from}&to=${month.to}">${t('cashflow.open')}</a></p></section>
        <section class="card w8" aria-labelledby="where-h"><header><h2 id="where-h">${t('spending.title', { month: monthText(month.month, true) })}</h2></header>${spendingTable(overview, month, list)}</section></div>` : html`<section class="card">${empty({ drawing: 'flow', title: t('cashflow.none'), words: t('cashflow.none_words') })}</section>`}`);
    for (const chart of charts) draws.push(draw(root, chart.id, overview.base_currency, chart.make));
  };
  const keep = () => history.replaceState(history.state, '', `/cash-flow?${new URLSearchParams({ months, ...(chosen ? { month: chosen } : {}) })}`);
  const ends = [
    connectionButtons(root),
    on(root, 'change', '[name=span]', async (event, input) => { months = Number(input.value); keep(); await paint(); find(`[name=span][value="${months}"]`, root)?.focus(); }),
    on(root, 'change', '#month', async (event, select) => { chosen = select.value; keep(); await paint(); }),
    onChange(change => { if (['connections', 'accounts', 'transactions', 'runs', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
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
      <ul class="inner">${details(each.code).map(row => html`<li class="spread nowrap s"><span class="clip">${spendingWords(row.category)}</span>${moneyHTML(row.amount)}</li>`)}</ul></details>
      ${isHidden() ? '' : shareBar(size(each.total) / largest, colourOf(each.code), '')}
      ${change && at < list.length - 1 ? html`<span class="xs muted">${moneyHTML(change, { plus: true })} ${t('spending.against_before')}</span>` : ''}</li>`;
  })}</ul>`;
}
