// Is that right? One suggestion at a time: y yes, n no, s later.

import { can, get as ask, post } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { accounts, isAtLeast } from '../data.js';
import { readFiling } from '../filing.js';
import { moneyHTML, moneyText, dayLong, percent } from '../format.js';
import { isTyping } from '../keys.js';
import { announce, onChange } from '../live.js';
import { get, choice } from '../store.js';
import { t, refusalText } from '../texts.js';
import { write } from '../edits.js';
import { pickCategory } from '../ui/picker.js';
import { colourOf } from '../ui/rows.js';
import { empty, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  let queue = [];
  let total = 0;
  render(root, html`<div class="head"><h1>${t('place.inbox')}</h1></div><section class="card">${skeleton(4)}</section>`);
  const load = async () => {
    const [{ data, next }, pairs] = await Promise.all([ask('/v1/suggestions?limit=200'), can('GET /v1/pairs') ? ask('/v1/pairs?state=suggested&limit=50') : { data: [] }, accounts(), readFiling()]);
    queue = [...pairs.data, ...data];
    total = queue.length;
    paint(next);
  };
  const paint = isMore => {
    const each = queue[0];
    render(root, html`<div class="head"><div><h1>${t('place.inbox')}</h1><p class="s muted">${queue.length ? t('inbox.left', { count: queue.length }) : t('inbox.words')}</p></div></div>
      ${each?.first ? pairCard(each, total - queue.length, total) : each ? html`<section class="card inbox" aria-labelledby="what">
        <div class="spread nowrap"><div><h2 id="what" tabindex="-1">${each.name}</h2><p class="s muted">${dayLong(each.occurred_on)} · ${get('accountsByID')?.get(each.account)?.name ?? ''}</p></div>${moneyHTML(each.amount, { more: 'figure', plus: true })}</div>
        <p class="figure-words">${t('inbox.is_it')} <span class="cat ${colourOf(each.suggestion.category)} name">${get('categoryNames')?.get(each.suggestion.category) ?? each.suggestion.category}</span></p>
        <p class="s muted">${reasonText(each.suggestion.reason)} ${t('inbox.sure', { part: percent(Number(each.suggestion.confidence)) })}</p>
        ${isAtLeast('member') ? html`<div class="chips"><button class="btn primary" type="button" data-yes>${icon('check')}${t('inbox.yes')}<kbd aria-hidden="true">y</kbd></button><button class="btn" type="button" data-other aria-haspopup="listbox">${t('inbox.other')}<kbd aria-hidden="true">c</kbd></button><button class="btn" type="button" data-no>${t('inbox.no')}<kbd aria-hidden="true">n</kbd></button><button class="btn plain" type="button" data-later>${t('inbox.later')}<kbd aria-hidden="true">s</kbd></button></div>` : ''}
        <progress max="${total}" value="${total - queue.length}" aria-label="${t('inbox.progress')}"></progress></section>`
      : html`<section class="card">${empty({ drawing: 'inbox', title: t('inbox.none'), words: t('inbox.none_words'), action: html`<a class="btn" href="/transactions?uncategorized=true">${t('filter.uncategorized')}</a>` })}</section>`}`);
    if (each && !isMore) find('#what', root)?.focus({ preventScroll: true });
  };
  const next = () => { queue.shift(); paint(); };
  const answer = async word => {
    const each = queue[0];
    if (!each) return;
    next();
    try {
      const { change } = await post(`/v1/${each.first ? 'pairs' : 'suggestions'}/${each.id}/${word}`, undefined, { told: true });
      if (each.first) announce('transactions', { undo: true });
      toast(each.first ? t(`pairs.done.${word}`) : t(`inbox.done.${word}`, { name: each.name }), change ? { action: async () => { await post(`/v1/changes/${change}/undo`, {}, { repeatable: true }); queue.unshift(each); paint(); } } : {});
      announce('transactions', { id: each.id });
    } catch (error) { if (error.status !== 404) toast(refusalText(error), { bad: true }); }
  };
  const other = async button => {
    const each = queue[0];
    const code = await pickCategory(button ?? find('[data-other]', root), each.suggestion.category);
    if (!code) return;
    next();
    await write(each, { category: code }, { text: () => t('edit.category', { name: each.name, category: get('categoryNames').get(code) ?? code }), put: () => {} });
  };
  const later = () => { queue.push(queue.shift()); paint(); };
  const keys = event => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open], .picker') || choice.get('letters') === 'off' || !queue.length) return;
    const act = { y: () => answer('confirm'), n: () => answer('refuse'), s: later, c: () => queue[0].first || other() }[event.key];
    if (act) { event.preventDefault(); act(); }
  };
  document.addEventListener('keydown', keys);
  const ends = [
    on(root, 'click', '[data-yes]', () => answer('confirm')), on(root, 'click', '[data-no]', () => answer('refuse')),
    on(root, 'click', '[data-later]', later), on(root, 'click', '[data-other]', (event, button) => other(button)),
    onChange(change => { if (change.kind === 'resync') load().catch(() => {}); }),
  ];
  await load();
  return () => { document.removeEventListener('keydown', keys); for (const end of ends) end(); };
}

/** Two rows that may belong together. */
const pairCard = (pair, done, total) => html`<section class="card inbox" aria-labelledby="what"><h2 id="what" tabindex="-1">${t(`pairs.ask.${pair.kind}`)}</h2>
  <ul class="rows">${[pair.first, pair.second].map(leg => html`<li class="spread nowrap"><div class="grow"><a class="plainlink name clip" href="/transactions?tx=${leg.id}">${leg.name}</a><p class="xs muted">${dayLong(leg.occurred_on)} · ${get('accountsByID')?.get(leg.account)?.name ?? ''}</p></div>${moneyHTML(leg.amount, { plus: true })}</li>`)}</ul>
  <p class="s muted">${t(`pairs.words.${pair.kind}`)}${pair.fee ? ` ${t('links_of.fee', { amount: moneyText(pair.fee) })}` : ''}${pair.implied_rate ? ` ${t('links_of.rate', { rate: pair.implied_rate })}` : ''}</p>
  ${isAtLeast('member') ? html`<div class="chips"><button class="btn primary" type="button" data-yes>${icon('check')}${t('inbox.yes')}<kbd aria-hidden="true">y</kbd></button><button class="btn" type="button" data-no>${t('inbox.no')}<kbd aria-hidden="true">n</kbd></button><button class="btn plain" type="button" data-later>${t('inbox.later')}<kbd aria-hidden="true">s</kbd></button></div>` : ''}
  <progress max="${total}" value="${done}" aria-label="${t('inbox.progress')}"></progress></section>`;

/** Why something is filed where it is: in the person's language where we have words, else in the server's English. */
export function reasonText(reason) {
  const key = `reason.${reason.code}`;
  if (!t.has(key)) return reason.text;
  return t(key, { what: reason.parameters.join(' ').toLowerCase(), first: reason.parameters[0] ?? '' });
}
