// Where does the money go? Income to categories as streams, and the same as a list, for any stretch of time.

import { get as ask } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { ranges } from '../filter.js';
import { addDays, todayDay, moneyHTML, moneyText, size, dayText, percent, isHidden } from '../format.js';
import { readFiling } from '../filing.js';
import { onChange } from '../live.js';
import { get } from '../store.js';
import { t } from '../texts.js';
import { sankey } from '../ui/sankey.js';
import { codeOfGroup, colourOf, filedRows, shareBar, spendingWords } from '../ui/rows.js';
import { empty } from '../ui/states.js';
import { savePicture } from '../ui/picture.js';
import { toast } from '../ui/toast.js';

const shownAtFirst = 12;
const groupings = ['category', 'group', 'merchant', 'account', 'tag', 'person'];

export default async function mount(root, { query }) {
  const first = ranges().find(each => each.name === 'this_month');
  let range = { from: query.get('from') ?? addDays(todayDay(), -90), to: query.get('to') ?? todayDay() };
  let by = groupings.includes(query.get('by')) ? query.get('by') : 'category';
  let isWhole = false;
  const isFiled = () => by === 'category' || by === 'group';
  const paint = async () => {
    const window = `from=${range.from}&to=${range.to}`;
    const [summary, spending] = await Promise.all([ask(`/v1/cashflow/summary?${window}`), ask(`/v1/spending?${window}&by=${by}&limit=30`), readFiling()]);
    const flow = summary.window;
    const lines = [...spending.data, ...(spending.rest ? [spending.rest] : [])];
    const largest = Math.max(1, ...lines.map(each => size(each.amount)));
    render(root, html`
      <div class="head"><div><h1>${t('place.reports')}</h1><p class="s muted">${t('filter.between', { from: dayText(flow.from), to: dayText(flow.to) })}</p></div>
        <div class="chips"><button class="btn" type="button" data-csv>${icon('dl')}CSV</button><button class="btn" type="button" data-picture>${icon('dl')}${t('reports.picture')}</button><button class="btn" type="button" data-print>${t('reports.print')}</button></div></div>
      <form class="chips" id="range"><label class="chipfield"><span>${t('filter.from')}</span><input class="input" type="date" name="from" value="${range.from}"></label><label class="chipfield"><span>${t('filter.to')}</span><input class="input" type="date" name="to" value="${range.to}"></label>
        ${ranges().map(each => html`<button class="chip ${each.from === range.from && each.to === range.to ? 'on' : ''}" type="button" data-range="${each.name}">${t(`range.${each.name}`)}</button>`)}</form>
      <section class="card" aria-label="${t('flow.title')}"><dl class="totals"><div><dt>${t('flow.in')}</dt><dd>${moneyHTML(flow.income)}</dd></div><div><dt>${t('flow.out')}</dt><dd>${moneyHTML(flow.expenses)}</dd></div><div><dt>${t('flow.left')}</dt><dd>${moneyHTML(flow.net, { plus: true, tone: true })}</dd></div></dl>
        <p class="xs muted">${t('reports.compared', { before: moneyText(summary.before.expenses), year: moneyText(summary.year_before.expenses) })}</p></section>
      ${lines.length ? html`${isHidden() ? '' : html`<section class="card" aria-labelledby="streams"><h2 id="streams">${t('reports.streams')}</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="streams">${sankey(summary.sankey, { label: t('reports.streams_label', { income: moneyText(flow.income), expenses: moneyText(flow.expenses) }), name: streamName, colour: code => t.has(`stream.${code}`) ? 'k1' : colourOf(codeOfGroup(code)), width: root.clientWidth - 50 })}</div></section>`}
        <section class="card" aria-labelledby="by"><header><h2 id="by">${t('reports.spending')}</h2><fieldset class="seg"><legend class="vh">${t('reports.by')}</legend>${groupings.map(each => html`<label><input type="radio" name="by" value="${each}" ${each === by ? html`checked` : ''}>${t(`reports.by.${each}`)}</label>`)}</fieldset></header>
          <ul class="stack" id="lines">${lines.slice(0, isWhole ? lines.length : shownAtFirst).map(each => html`<li class="stack tight"><div class="spread nowrap"><span class="cat ${isFiled() ? colourOf(codeOfGroup(each.key)) : 'k1'}">${rowsOf(each) && each !== spending.rest ? html`<a class="plainlink clip" href="${rowsOf(each)}">${lineName(each)}</a>` : html`<span class="clip">${each === spending.rest ? t('reports.rest') : lineName(each)}</span>`}</span><span class="s">${moneyHTML(each.amount)} ${each.share && !isHidden() ? html`<span class="faint">${percent(Number(each.share))}</span>` : ''}</span></div>
            ${isHidden() ? '' : shareBar(size(each.amount) / largest, isFiled() ? colourOf(codeOfGroup(each.key)) : '')}<span class="xs muted">${t('reports.rows', { count: each.rows })} · ${t('reports.before')} ${moneyHTML(each.before)}</span></li>`)}</ul>${lines.length > shownAtFirst && !isWhole ? html`<div><button class="btn" type="button" data-whole>${t('reports.all', { count: lines.length })}</button></div>` : ''}</section>`
      : html`<section class="card">${empty({ drawing: 'report', title: t('reports.none'), action: range.from > addDays(todayDay(), -89) ? html`<button class="btn" type="button" data-range="days_90">${t('reports.widen')}</button>` : html`<a class="btn" href="/transactions">${t('place.transactions')}</a>` })}</section>`}`);
    root.querySelector('[data-csv]').onclick = () => download(lines, spending);
  };
  const lineName = each => by === 'category' ? spendingWords(each.key) : by === 'group' ? spendingWords(codeOfGroup(each.key)) : by === 'account' ? get('accountsByID')?.get(each.key)?.name ?? each.name : each.key ? each.name : t(`reports.without.${by}`);
  /** The transactions behind a line; a person has no filter. */
  const rowsOf = each => {
    if (isFiled()) return filedRows(codeOfGroup(each.key), range);
    const filter = each.key && { account: { account: each.key }, tag: { tag: each.key }, merchant: { q: each.name } }[by];
    return filter ? `/transactions?${new URLSearchParams({ from: range.from, to: range.to, ...filter })}` : null;
  };
  const go = async wanted => { range = wanted; history.replaceState(history.state, '', `/reports?${new URLSearchParams({ ...range, by })}`); await paint(); };
  const ends = [
    on(root, 'change', '#range input', () => { const data = new FormData(find('#range', root)); const [from, to] = [data.get('from'), data.get('to')]; if (from && to && from <= to) go({ from, to }); }),
    on(root, 'click', '[data-range]', (event, button) => { const { from, to } = ranges().find(each => each.name === button.dataset.range) ?? first; go({ from, to: to > todayDay() ? todayDay() : to }); }),
    on(root, 'change', '[name=by]', (event, input) => { by = input.value; go(range); }),
    on(root, 'click', '[data-whole]', async () => { isWhole = true; await paint(); find(`#lines > :nth-child(${shownAtFirst + 1})`, root)?.scrollIntoView({ block: 'nearest' }); }),
    on(root, 'click', '[data-print]', () => print()),
    on(root, 'click', '[data-picture]', async () => { const drawing = find('.sankey', root); if (drawing) await savePicture(drawing, `magpie-streams-${range.from}-${range.to}.png`); else toast(t('reports.no_picture')); }),
    onChange(change => { if (['transactions', 'filing', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
  ];
  await paint();
  return () => { for (const end of ends) end(); };
}

const streamName = code => t.has(`stream.${code}`) ? t(`stream.${code}`) : spendingWords(codeOfGroup(code));

/** A file that spreadsheets read; cells that would act as formulas are kept from it. */
function download(lines, spending) {
  const cell = text => `"${String(text ?? '').replace(/^([=+\-@\t\r])/, "'$1").replaceAll('"', '""')}"`;
  const rows = [['name', 'amount', 'currency', 'rows', 'before', 'year_before'], ...lines.map(each => [each.name, each.amount.amount, each.amount.currency, each.rows, each.before.amount, each.year_before.amount])];
  const text = rows.map((row, index) => row.map((each, at) => index && [1, 3, 4, 5].includes(at) ? each : cell(each)).join(',')).join('\r\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`\ufeff${text}\r\n`], { type: 'text/csv' }));
  link.download = `magpie-spending-${spending.from}-${spending.to}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
