// What comes again? The next thirty days first, then every stream with what it costs and what changed.

import { can, get as ask, post, remove } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { accounts } from '../data.js';
import { addDays, dayText, moneyHTML, moneyText, negated, todayDay } from '../format.js';
import { readFiling } from '../filing.js';
import { onChange } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { openDialog } from '../ui/dialog.js';
import { dueLine } from '../ui/plans.js';
import { spendingWords, colourOf } from '../ui/rows.js';
import { empty, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  let withEnded = false;
  render(root, html`<div class="head"><h1>${t('place.recurring')}</h1></div><section class="card">${skeleton(6)}</section>`);
  const paint = async () => {
    const [found] = await Promise.all([ask(`/v1/recurring?ended=${withEnded}`), accounts(), readFiling()]);
    const until = addDays(todayDay(), 30);
    const due = found.data.filter(each => each.next_on && each.next_on <= until);
    const streams = [...found.data].sort((one, other) => Math.abs(Number(other.amount.amount)) - Math.abs(Number(one.amount.amount)));
    render(root, html`
      <div class="head"><div><h1>${t('place.recurring')}</h1><p class="s muted">${t('recurring.words')}</p></div>${can('POST /v1/recurring/calendar') ? html`<button class="btn" type="button" data-calendar>${icon('link')}${t('recurring.calendar')}</button>` : ''}</div>
      ${streams.length ? html`<section class="card" aria-label="${t('recurring.month')}"><dl class="totals"><div><dt>${t('recurring.out')}</dt><dd>${moneyHTML(found.monthly_out)}</dd></div><div><dt>${t('recurring.in')}</dt><dd>${moneyHTML(found.monthly_in)}</dd></div></dl></section>
      <div class="grid"><section class="card w5" aria-labelledby="due-h"><header><h2 id="due-h">${t('recurring.due')}</h2><span class="s muted">${t('filter.until', { day: dayText(until) })}</span></header>
        ${due.length ? html`<ul class="stack">${due.slice(0, 15).map(dueLine)}</ul>${due.length > 15 ? html`<details class="data"><summary>${t('due.more', { count: due.length - 15 })}</summary><ul class="stack">${due.slice(15).map(dueLine)}</ul></details>` : ''}` : html`<p class="s muted">${t('recurring.none_due')}</p>`}</section>
      <section class="card w7" aria-labelledby="all-h"><header><h2 id="all-h">${t('recurring.all')}</h2><label class="line-choice s"><input class="check" type="checkbox" id="ended" ${withEnded ? html`checked` : ''}><span>${t('recurring.with_ended')}</span></label></header>
        <ul class="rows">${streams.map(stream)}</ul></section></div>` : html`<section class="card">${empty({ drawing: 'repeat', title: t('recurring.none'), words: t('recurring.none_words'), action: html`<a class="btn" href="/transactions">${t('place.transactions')}</a>` })}</section>`}`);
  };
  const ends = [
    on(root, 'change', '#ended', (event, box) => { withEnded = box.checked; paint().catch(error => toast(refusalText(error), { bad: true })); }),
    on(root, 'click', '[data-calendar]', openCalendar),
    onChange(change => { if (['transactions', 'filing', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
  ];
  await paint();
  return () => { for (const end of ends) end(); };
}

function stream(each) {
  const rise = each.price_rise;
  return html`<li class="wrapping stream ${each.state === 'ended' ? 'is-over' : ''}"><div class="grow"><div class="name clip">${each.name}</div>
    <p class="xs muted clip"><span class="cat ${each.transfer ? 'k6' : colourOf(each.category)} xs">${spendingWords(each.category)}</span> · ${t(`cadence.${each.cadence}`)} · ${get('accountsByID')?.get(each.account)?.name ?? ''}</p>
    <p class="xs muted tells">${each.transfer ? html`<span>${t('recurring.transfer')}</span>` : ''}<span>${t('recurring.times', { count: each.times, day: dayText(each.first_on) })}</span><a class="whole" href="/transactions?q=${encodeURIComponent(each.name)}">${t('recurring.last', { amount: moneyText(each.last_amount), day: dayText(each.last_on) })}</a><span class="told">${icon(each.source === 'bank' ? 'bank' : 'spark')}${t(`recurring.source.${each.source}`)}</span></p>
    ${rise || each.began_as_trial || each.state !== 'active' ? html`<p class="chips">${each.state === 'missed' ? html`<span class="badge warn">${icon('clock')}${t('recurring.missed')}</span>` : each.state === 'ended' ? html`<span class="badge">${t('recurring.ended')}</span>` : ''}${rise ? html`<span class="badge warn">${icon('trend')}${t('recurring.rise', { from: moneyText(negated(rise.from)), to: moneyText(negated(rise.to)), day: dayText(rise.on) })}</span>` : ''}${each.began_as_trial ? html`<span class="badge">${t('recurring.trial')}</span>` : ''}</p>` : ''}</div>
    <div class="bal">${each.variable ? html`<span class="faint" aria-label="${t('about_amount')}">≈ </span>` : ''}${moneyHTML(each.amount, { tone: !each.transfer, plus: true })}<div class="xs muted">${each.next_on ? t('recurring.next', { day: dayText(each.next_on) }) : ''}</div></div></li>`;
}

/** A secret address that a calendar program reads; an older one is void. */
function openCalendar() {
  const box = openDialog({ title: t('recurring.calendar') });
  render(box.root, html`<p class="s">${t('recurring.calendar_words')}</p><div id="calendar-place"></div><div class="actions"><button class="btn danger" type="button" data-revoke>${t('recurring.calendar_revoke')}</button><button class="btn primary" type="button" data-make>${t('recurring.calendar_make')}</button></div>`);
  const safely = async act => { try { await act(); } catch (error) { if (error.code !== 'cancelled') toast(error.status === 404 ? t('recurring.calendar_none') : refusalText(error), { bad: error.status !== 404 }); } };
  find('[data-make]', box.root).addEventListener('click', () => safely(async () => {
    const { path } = await post('/v1/recurring/calendar');
    const address = location.origin + path;
    render(find('#calendar-place', box.root), html`<div class="field"><label for="calendar-address">${t('recurring.calendar_address')}</label><input class="input mono-text" id="calendar-address" readonly value="${address}"><span class="hint">${t('invite.made_words_short')}</span></div>`);
    const input = find('#calendar-address', box.root);
    input.focus();
    input.select();
    await navigator.clipboard?.writeText(address).then(() => toast(t('copied')), () => {});
  }));
  find('[data-revoke]', box.root).addEventListener('click', () => safely(async () => { await remove('/v1/recurring/calendar'); toast(t('recurring.calendar_revoked')); box.close(); }));
}
