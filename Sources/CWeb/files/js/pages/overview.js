// How do we stand? Net worth first, then what comes in and goes out, how long it lasts, and what is new.

import { can, get as ask, lastAnswer, start } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { draw, chartBox, axes, moneyTip } from '../charts.js';
import { accounts, connections } from '../data.js';
import { addDays, moneyHTML, moneyText, size, monthText, dayLong, dayHead, dayText, negated, percent, setToday, sum, number, isHidden, isZero } from '../format.js';
import { onChange } from '../live.js';
import { get, choice } from '../store.js';
import { readFiling } from '../filing.js';
import { t } from '../texts.js';
import { banners, healthLine, connectionButtons, connectButton } from '../ui/health.js';
import { byDay, transactionRow, spendingWords, groupOf, filedRows, shareBar, groupOfKind, colourOf } from '../ui/rows.js';
import { budgetLine, dueLine, findingLine } from '../ui/plans.js';
import { empty, errorCard, skeleton } from '../ui/states.js';

const spans = { m1: [30, 'day'], m3: [91, 'day'], m6: [182, 'week'], y1: [365, 'week'], all: [1_825, 'month'] };

export default async function mount(root, { keepsFocus }) {
  let span = choice.get('span') in spans ? choice.get('span') : 'y1';
  let ends = [];
  let isGone = false;
  const draws = [];
  if (!keepsFocus && !lastAnswer('/v1/overview?months=7')) render(root, html`<div class="head"><h1>${t('place.overview')}</h1></div><section class="card">${skeleton(6)}</section>`);

  const paint = async () => {
    const [days, every] = spans[span];
    const [overview, list, banks, worth] = await Promise.all([
      ask('/v1/overview?months=7'), accounts(), connections(),
      can('GET /v1/net-worth') ? ask(`/v1/net-worth?days=${days}&every=${every}`) : null, readFiling(),
    ]);
    if (isGone) return;
    setToday(overview.today);
    for (const end of draws.splice(0)) end();
    const isEmpty = !banks.length && !list.length;
    const charts = [];
    const ahead = find('#ahead', root);
    render(root, html`
      <div class="head"><div><h1>${t('place.overview')}</h1><p class="s muted">${get('household')?.name} · ${dayLong(overview.today)}</p></div>${isEmpty ? '' : connectButton(banks.length ? '' : 'primary')}</div>
      ${isEmpty ? welcome() : html`
        <section aria-labelledby="health" class="stack tight"><h2 class="vh" id="health">${t('connections')}</h2>${banners(banks)}${healthLine(banks)}</section>
        ${checklist(banks)}
        <div class="grid">
          ${worthCard(overview, list, worth, span, charts)}
          ${burnCard(overview)}
          ${flowCard(overview, charts)}
          ${spendingCard(overview)}
          ${latestCard(overview.latest)}
        </div>
        <div class="grid" id="ahead">${can('GET /v1/forecast') ? html`<section class="card">${skeleton(4)}</section>` : ''}</div>`}`);
    // What was known stays until what is new is there: nothing jumps.
    if (ahead) find('#ahead', root)?.replaceWith(ahead);
    for (const chart of charts) draws.push(draw(root, chart.id, overview.base_currency, chart.make));
    if (!isEmpty) paintAhead(overview).catch(error => { if (!isGone && find('#ahead', root)) render(find('#ahead', root), errorCard(error)); });
  };
  /** What lies ahead and what stands out takes the server longer, and is looked at later. */
  const paintAhead = async overview => {
    if (!can('GET /v1/forecast')) return;
    const [recurring, findings, forecast] = await Promise.all([ask('/v1/recurring?ended=false'), ask('/v1/insights'), ask('/v1/forecast?days=90')]);
    const place = find('#ahead', root);
    if (isGone || !place) return;
    const charts = [];
    render(place, html`${forecastCard(forecast, overview, charts)}${dueCard(recurring.data, overview.today)}${budgetCard(overview.budgets)}${findingCard(findings.data)}`);
    for (const chart of charts) draws.push(draw(root, chart.id, overview.base_currency, chart.make));
  };

  ends.push(on(root, 'change', '[name=worth-span]', async (event, input) => { span = input.value; choice.set('span', span); await paint(); find(`[name=worth-span][value=${span}]`, root)?.focus(); }));
  ends.push(connectionButtons(root), on(root, 'click', '[data-hide-checklist]', () => { choice.set('checklist', 'off'); find('#checklist', root)?.remove(); }));
  ends.push(onChange(change => { if (['connections', 'accounts', 'transactions', 'runs', 'plans', 'filing', 'resync'].includes(change.kind)) paint().catch(() => {}); }));
  await paint();
  return () => { isGone = true; for (const end of [...ends, ...draws]) end(); };
}

const welcome = () => html`<section class="card">${empty({
  drawing: 'bank', title: t('overview.empty'), words: t(start.simulated ? 'overview.empty_simulated' : 'overview.empty_real'), action: connectButton(),
})}</section>`;

/** The first week, until it is done or put away. */
function checklist(banks) {
  if (choice.get('checklist') === 'off') return '';
  const me = get('me');
  const steps = [
    ['account', true, null], ['bank', banks.length > 0, null],
    ['second_factor', me.second_factor, '/settings/security'],
    ['household', (get('households') ?? []).length > 0 && choice.get('invited') === 'yes', '/settings/household'],
  ];
  if (steps.every(step => step[1])) return '';
  const done = steps.filter(step => step[1]).length;
  return html`<section class="card" id="checklist" aria-labelledby="checklist-h"><header><h2 id="checklist-h">${t('checklist.title')}</h2><span class="spread"><span class="s muted">${t('checklist.count', { done, of: steps.length })}</span><button class="btn quiet" type="button" data-hide-checklist>${t('checklist.hide')}</button></span></header>
    <ul class="checks">${steps.map(([name, isDone, to]) => html`<li class="${isDone ? 'is-done' : ''}">${isDone ? icon('check') : html`<span class="ring" aria-hidden="true"></span>`}<span>${isDone ? html`<span class="vh">${t('checklist.done')} </span>` : ''}${to && !isDone ? html`<a href="${to}">${t(`checklist.${name}`)}</a>` : t(`checklist.${name}`)}</span></li>`)}</ul></section>`;
}

function worthCard(overview, list, worth, span, charts) {
  const [base, ...others] = overview.net_worth;
  const groups = ['cash', 'investments', 'other', 'cards', 'loans'].map(name => {
    const members = list.filter(each => groupOfKind(each.kind) === name && each.currency === base.currency && each.balance.current && !overview.left_out.counted_elsewhere.includes(each.id));
    return { name, count: members.length, total: members.length ? sum(members.map(each => each.balance.current), base.currency) : null };
  }).filter(each => each.count);
  const largest = Math.max(1, ...groups.map(each => Math.abs(size(each.total))));
  const notes = [];
  if (overview.left_out.unknown.length) notes.push(t('worth.unknown', { count: overview.left_out.unknown.length }));
  if (overview.left_out.old.length) notes.push(t('worth.old', { count: overview.left_out.old.length }));
  return html`<section class="card w8" aria-labelledby="worth"><header><h2 id="worth">${t('worth.title')}</h2>${worth ? html`<fieldset class="seg"><legend class="vh">${t('range')}</legend>${Object.keys(spans).map(each => html`<label><input type="radio" name="worth-span" value="${each}" ${each === span ? html`checked` : ''}>${t(`span.${each}`)}</label>`)}</fieldset>` : html`<a href="/accounts">${t('worth.accounts')}</a>`}</header>
    <div>${moneyHTML(base.total, { big: true })}
      ${others.length ? html`<p class="s muted">${t('worth.and')} ${others.map((each, index) => html`${index ? ', ' : ''}${moneyHTML(each.total)}`)}</p>` : ''}</div>
    ${worth ? worthLine(worth, charts) : ''}
    <ul class="${worth ? 'groups' : 'stack'}">${groups.map(each => html`<li class="stack tight"><div class="spread nowrap"><span class="s">${t(`group.${each.name}`)} <span class="faint">${number(each.count)}</span></span>${moneyHTML(each.total)}</div>
      ${isHidden() || worth ? '' : shareBar(Math.abs(size(each.total)) / largest, size(each.total) < 0 ? 'debt' : '', '')}</li>`)}</ul>
    <div class="foot spread"><span>${t('worth.assets')} <strong>${moneyHTML(base.assets)}</strong></span><span>${t('worth.debts')} <strong>${moneyHTML(base.debts)}</strong></span></div>
    ${notes.length ? html`<p class="xs muted">${notes.join(' ')}</p>` : ''}</section>`;
}

/** The way there, thinned by the server; what was worked out backwards is said so. */
function worthLine(worth, charts) {
  const days = worth.days;
  if (days.length < 2) return html`<p class="s muted">${t('worth.tomorrow')}</p>`;
  // Where accounts become known, a line would leap for no reason of money: the longest stretch without is drawn.
  const stretches = [];
  for (const day of days) if (stretches.at(-1)?.[0].unknown_accounts === day.unknown_accounts) stretches.at(-1).push(day); else stretches.push([day]);
  const longest = stretches.reduce((best, each) => each.length >= best.length ? each : best);
  const shown = longest.length > 1 ? longest : days;
  const [first, last] = [shown[0], shown.at(-1)];
  const change = sum([last.total, negated(first.total)], worth.base_currency);
  const part = size(first.total) > 1 ? size(change) / size(first.total) : null;
  const box = chartBox({
    size: 'lg',
    label: t('worth.label', { from: dayText(first.day), first: moneyText(first.total, { whole: true }), to: dayText(last.day), last: moneyText(last.total, { whole: true }) }),
    table: {
      caption: t('worth.title'), head: [t('day'), t('worth.assets'), t('worth.debts'), t('worth.title')],
      rows: [...days].reverse().slice(0, 60).map(each => [dayText(each.day), moneyHTML(each.assets), moneyHTML(each.debts), moneyHTML(each.total)]),
    },
  });
  charts.push({
    id: box.id,
    make: colours => ({
      type: 'line',
      data: {
        labels: shown.map(each => dayText(each.day)),
        datasets: [{
          label: t('worth.title'), data: shown.map(each => size(each.total)), borderColor: colours.c1, borderWidth: 2, pointRadius: shown.map((_, index) => index === shown.length - 1 ? 4 : 0),
          pointBackgroundColor: colours.c1, pointHitRadius: 12, tension: 0.2, fill: 'start',
          segment: { borderDash: at => shown[at.p1DataIndex].reconstructed ? [4, 3] : undefined },
          backgroundColor: ({ chart: { ctx, chartArea: area } }) => {
            if (!area) return undefined;
            const shade = ctx.createLinearGradient(0, area.top, 0, area.bottom);
            shade.addColorStop(0, colours.alpha(colours.c1, 0.2));
            shade.addColorStop(1, colours.alpha(colours.c1, 0));
            return shade;
          },
        }],
      },
      options: {
        interaction: { mode: 'index', intersect: false }, layout: { padding: { right: 8, top: 8 } },
        plugins: { tooltip: { callbacks: moneyTip(worth.base_currency) } },
        scales: { y: { ...axes(colours, worth.base_currency).y, grace: '8%' }, x: axes(colours, worth.base_currency, 6).x },
      },
    }),
  });
  const isUp = size(change) >= 0;
  const fewer = first.unknown_accounts - days.at(-1).unknown_accounts;
  return html`${fewer ? html`<p class="s muted">${t('worth.fewer', { count: Math.abs(fewer) })}</p>` : html`<p class="chips"><span class="delta ${isUp && !isZero(change) ? 'up' : ''}">${isZero(change) ? '' : isUp ? '▲' : '▼'} ${moneyHTML(change, { plus: true })}${part === null || isHidden() ? '' : ` (${percent(Math.abs(part))})`}</span><span class="s muted">${t('filter.since', { day: dayText(first.day) })}</span></p>`}
    ${box.markup}${shown.some(each => each.reconstructed) ? html`<p class="xs muted">${t('worth.reconstructed')}</p>` : ''}`;
}

function burnCard(overview) {
  const { burn, runway } = overview;
  const base = overview.net_worth[0];
  const headline = runway.state === 'known'
    ? html`<span class="big money">${isHidden() ? '•••' : number(Number(runway.months), { maximumFractionDigits: 1 })}</span> <strong>${t('runway.months', { count: Number(runway.months) })}</strong>`
    : html`<strong class="big-words">${t(`runway.${runway.state}`)}</strong>`;
  const names = burn.months.map(month => monthText(month)).join(', ');
  const spent = overview.months.filter(each => burn.months.includes(each.month));
  const most = Math.max(1, ...spent.map(each => size(each.expenses)));
  return html`<section class="card w4" aria-labelledby="burn"><header><h2 id="burn">${t('runway.title')}</h2></header>
    <div>${headline}<p class="s muted">${t(`runway.${runway.state}.words`)}</p></div>
    <dl class="facts"><dt>${t('runway.burn')}</dt><dd>${moneyHTML(burn.per_month, { whole: true })}</dd>
      <dt>${t('runway.over')}</dt><dd>${names || t('unknown')}</dd>
      <dt>${t('runway.liquid')}</dt><dd>${moneyHTML(base.liquid)}</dd></dl>
    ${spent.length > 1 ? html`<ul class="stack tight" aria-label="${t('runway.months_spent')}">${spent.map(each => html`<li class="stack tight"><div class="spread nowrap s"><span>${monthText(each.month, true)}</span>${moneyHTML(each.expenses)}</div>${isHidden() ? '' : shareBar(size(each.expenses) / most, 'k6', '')}</li>`)}</ul>` : ''}
    <details class="foot data"><summary>${t('runway.how')}</summary><p>${t('runway.how_words')}</p></details></section>`;
}

/** Bars of money in and out by month, shared with the page of cash flow. */
export function flowChart(overview, months, charts) {
  const currency = overview.base_currency;
  const label = t('flow.label', { from: monthText(months[0].month, true), to: monthText(months.at(-1).month, true), last: moneyText(months.at(-1).net, { plus: true }) });
  const box = chartBox({
    label,
    table: {
      caption: t('flow.title'), head: [t('month'), t('flow.in'), t('flow.out'), t('flow.left')],
      rows: [...months].reverse().map(each => [monthText(each.month, true), moneyHTML(each.income), moneyHTML(each.expenses), moneyHTML(each.net, { tone: true, plus: true })]),
    },
  });
  charts.push({
    id: box.id,
    make: colours => ({
      type: 'bar',
      data: {
        labels: months.map(each => monthText(each.month)),
        datasets: [
          { type: 'line', label: t('flow.left'), data: months.map(each => size(each.net)), borderColor: colours.ink, backgroundColor: colours.ink, borderWidth: 1.5, borderDash: [4, 3], pointRadius: 3, order: 0 },
          { label: t('flow.in'), data: months.map(each => size(each.income)), backgroundColor: colours.c1, borderRadius: 4, categoryPercentage: 0.62, barPercentage: 0.86, order: 1 },
          { label: t('flow.out'), data: months.map(each => size(each.expenses)), backgroundColor: colours.alpha(colours.c6, 0.45), borderColor: colours.c6, borderWidth: 1, borderRadius: 4, categoryPercentage: 0.62, barPercentage: 0.86, order: 2 },
        ],
      },
      options: {
        interaction: { mode: 'index', intersect: false },
        plugins: { tooltip: { callbacks: moneyTip(currency) } },
        scales: { y: { ...axes(colours, currency).y, beginAtZero: true }, x: axes(colours, currency).x },
      },
    }),
  });
  return html`<div class="legend" aria-hidden="true"><span class="cat k1">${t('flow.in')}</span><span class="cat k6">${t('flow.out')}</span><span>┄ ${t('flow.left')}</span></div>${box.markup}`;
}

function flowCard(overview, charts) {
  const months = overview.months;
  const last = months.at(-1);
  return html`<section class="card w7" aria-labelledby="flow"><header><h2 id="flow">${t('flow.title')}</h2><a href="/cash-flow">${t('flow.more')}</a></header>
    <div><span class="s muted">${t('flow.so_far', { month: monthText(last.month, true) })}</span><div>${moneyHTML(last.net, { tone: true, plus: true, more: 'figure' })}</div></div>
    ${months.length > 1 ? flowChart(overview, months, charts) : html`<p class="s muted">${t('flow.one_month')}</p>`}
    ${overview.left_out.currencies.length ? html`<p class="xs muted">${t('flow.other_currencies', { list: overview.left_out.currencies.join(', ') })}</p>` : ''}</section>`;
}

/** What was spent by group of categories, most first. */
export function spendingGroups(month, currency) {
  const groups = new Map();
  for (const each of month.spending) {
    const name = groupOf(each.category);
    groups.set(name, [...(groups.get(name) ?? []), each.amount]);
  }
  return [...groups].map(([code, list]) => ({ code, total: sum(list, currency) })).sort((one, other) => size(other.total) - size(one.total));
}

function spendingCard(overview) {
  const month = overview.months.at(-1);
  const groups = spendingGroups(month, overview.base_currency).filter(each => size(each.total) > 0);
  const total = size(month.expenses);
  const largest = Math.max(1, ...groups.map(each => size(each.total)));
  return html`<section class="card w5" aria-labelledby="spending"><header><h2 id="spending">${t('spending.title', { month: monthText(month.month, true) })}</h2></header>
    ${groups.length ? html`<div>${moneyHTML(month.expenses, { more: 'figure' })}</div><ul class="stack">${groups.slice(0, 7).map(each => html`<li class="stack tight"><div class="spread nowrap"><span class="cat ${colourOf(each.code)}"><a class="plainlink clip" href="${filedRows(each.code, month)}">${spendingWords(each.code)}</a></span><span class="s">${moneyHTML(each.total)} ${isHidden() || total <= 0 ? '' : html`<span class="faint">${percent(size(each.total) / total)}</span>`}</span></div>
      ${isHidden() ? '' : shareBar(size(each.total) / largest, colourOf(each.code), '')}</li>`)}</ul>${groups.length > 7 ? html`<a class="s" href="/cash-flow?month=${month.month}">${t('due.more', { count: groups.length - 7 })}</a>` : ''}` : html`<p class="s muted">${t('spending.none')}</p>`}</section>`;
}

function latestCard(rows) {
  return html`<section class="card flush w12" aria-labelledby="latest"><header class="spread"><h2 id="latest">${t('latest.title')}</h2><a class="s" href="/transactions">${t('latest.all')}</a></header>
    ${rows.length ? html`<div class="wrap">${byDay(rows, ({ day, rows: list }) => html`<div class="day"><h3 class="s"><time datetime="${day}">${dayHead(day)}</time></h3></div><ul>${list.map(row => transactionRow(row))}</ul>`)}</div>` : empty({ drawing: 'list', title: t('latest.none'), words: t('latest.none_words') })}</section>`;
}

/** Balances of the next ninety days with the range in which four of five futures lie. */
function forecastCard(forecast, overview, charts) {
  const currency = overview.base_currency;
  const days = forecast.days;
  if (!days.length) return html`<section class="card w7" aria-labelledby="ahead-h"><h2 id="ahead-h">${t('forecast.title')}</h2><p class="s muted">${t('forecast.too_early', { count: forecast.days_of_past })}</p></section>`;
  const last = days.at(-1);
  const box = chartBox({
    label: t('forecast.label', { day: dayText(last.day), low: moneyText(last.low, { whole: true }), high: moneyText(last.high, { whole: true }) }),
    table: { caption: t('forecast.title'), head: [t('day'), t('forecast.low'), t('forecast.middle'), t('forecast.high')], rows: days.filter((_, at) => at % 7 === 6).map(each => [dayText(each.day), moneyHTML(each.low), moneyHTML(each.middle), moneyHTML(each.high)]) },
  });
  const line = (label, name, more) => ({ label, data: days.map(each => size(each[name])), pointRadius: 0, pointHitRadius: 12, tension: 0.15, ...more });
  charts.push({
    id: box.id,
    make: colours => ({
      type: 'line',
      data: { labels: days.map(each => dayText(each.day)), datasets: [line(t('forecast.middle'), 'middle', { borderColor: colours.c1, borderWidth: 2, borderDash: [5, 4] }), line(t('forecast.high'), 'high', { borderColor: 'transparent', backgroundColor: colours.alpha(colours.c1, 0.14), fill: '+1' }), line(t('forecast.low'), 'low', { borderColor: 'transparent' })] },
      options: { interaction: { mode: 'index', intersect: false }, plugins: { tooltip: { callbacks: moneyTip(currency) } }, scales: { y: axes(colours, currency).y, x: axes(colours, currency, 5).x } },
    }),
  });
  const lowest = forecast.lowest;
  return html`<section class="card w7" aria-labelledby="ahead-h"><header><h2 id="ahead-h">${t('forecast.title')}</h2><span class="s muted">${t('forecast.days', { count: days.length })}</span></header>
    ${lowest ? html`<div><span class="s muted">${t('forecast.lowest', { day: dayText(lowest.day) })}</span><div>${isHidden() ? '' : html`<span class="faint">≈ </span>`}${moneyHTML(lowest.middle, { more: 'figure', whole: true })}</div></div>` : ''}
    ${box.markup}<p class="xs muted">${t('forecast.words')}</p></section>`;
}

function dueCard(streams, today) {
  const until = addDays(today, 14);
  const due = streams.filter(each => each.next_on && each.next_on <= until);
  return html`<section class="card w5" aria-labelledby="due-h"><header><h2 id="due-h">${t('due.title')}</h2><a href="/recurring">${t('due.all')}</a></header>
    ${due.length ? html`<ul class="stack">${due.slice(0, 7).map(dueLine)}</ul>${due.length > 7 ? html`<p class="xs muted">${t('due.more', { count: due.length - 7 })}</p>` : ''}` : html`<p class="s muted">${t(streams.length ? 'recurring.none_due' : 'recurring.none_words')}</p>`}</section>`;
}

function budgetCard(budgets) {
  const worst = [...budgets].sort((one, other) => size(one.left) / Math.max(1, size(one.amount)) - size(other.left) / Math.max(1, size(other.amount)));
  return html`<section class="card w5" aria-labelledby="budget-h"><header><h2 id="budget-h">${t('place.budgets')}</h2><a href="/budgets">${t('budgets.all')}</a></header>
    ${budgets.length ? html`<ul class="stack">${worst.slice(0, 5).map(each => html`<li class="stack tight">${budgetLine(each, { link: true })}</li>`)}</ul>` : html`<p class="s muted">${t('budgets.none_words')}</p><p><a class="btn" href="/budgets">${t('budgets.begin')}</a></p>`}</section>`;
}

function findingCard(findings) {
  return html`<section class="card w7" aria-labelledby="found-h"><header><h2 id="found-h">${t('finding.title')}</h2>${findings.length > 6 ? html`<span class="s muted">${number(findings.length)}</span>` : ''}</header>
    ${findings.length ? html`<ul class="stack">${findings.slice(0, 6).map(findingLine)}</ul>${findings.length > 6 ? html`<details class="data"><summary>${t('finding.more', { count: findings.length - 6 })}</summary><ul class="stack">${findings.slice(6, 60).map(findingLine)}</ul></details>` : ''}` : html`<p class="s muted">${t('finding.none')}</p>`}</section>`;
}
