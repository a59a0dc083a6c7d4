// What happened? Every transaction, the newest first, found by typing.

import { can, download, get as ask } from '../api.js';
import { canFile, readFiling } from '../filing.js';
import { write, writeMany, undo, redo } from '../edits.js';
import { get } from '../store.js';
import { html, render, find, all, on, icon, debounce, say } from '../dom.js';
import { bring } from '../bring.js';
import { accounts, members } from '../data.js';
import { dayHead, moneyHTML, sum, isNegative, todayDay } from '../format.js';
import { readFilter, writeFilter, chips, ranges, fitsText } from '../filter.js';
import { isTyping } from '../keys.js';
import { onChange } from '../live.js';
import { t, refusalText } from '../texts.js';
import { arrivals } from '../ui/arrivals.js';
import { VirtualList } from '../ui/list.js';
import { empty } from '../ui/states.js';
import { transactionRow, nameOf, otherHalf } from '../ui/rows.js';
import { openDetail, canEdit } from '../ui/detail.js';
import { pickCategory } from '../ui/picker.js';
import { offerAlike } from '../ui/alike.js';
import { toast } from '../ui/toast.js';

/** How far a search that the server cannot do goes back in one stretch. */
const reachMax = 12;

const isSecondHalf = row => !isNegative(row.amount) && otherHalf(row) !== undefined;

/** Reads pages as the filter says. What the server cannot look for is looked for here. */
export function source(filter, signalOf) {
  const base = new URLSearchParams();
  for (const id of filter.accounts) base.append('account', id);
  for (const name of ['from', 'to', 'pending']) if (filter[name]) base.set(name, filter[name]);
  let words = filter.text;
  // Where both halves of a transfer would stand in the list, they are one line: from where to where.
  const joins = !filter.text && !filter.accounts.length && !filter.category.length && !filter.tag.length && !filter.uncategorized && !filter.pending;
  if (canFile()) {
    for (const code of filter.category) base.append('category', code);
    for (const id of filter.tag) base.append('tag', id);
    if (filter.uncategorized) base.set('uncategorized', 'true');
    // Sizes are compared here: the server knows signed amounts, people mean how much.
    const parts = words.split(/\s+/).filter(Boolean);
    const plain = parts.filter(each => !/^[<>]\d/.test(each)).join(' ');
    if (plain) base.set('text', plain);
    words = parts.filter(each => /^[<>]\d/.test(each)).join(' ');
  }
  return async cursor => {
    const found = [];
    let next = cursor;
    for (let round = 0; round < reachMax; round += 1) {
      const query = new URLSearchParams(base);
      // The first page is small, to be there soon; those that follow are few.
      query.set('limit', words || next ? '500' : '100');
      if (next) query.set('cursor', next);
      const body = await ask(`/v1/transactions?${query}`, { signal: signalOf() });
      found.push(...body.data.filter(row => (!words || fitsText(row, words)) && !(joins && isSecondHalf(row))));
      next = body.next;
      if (!next || found.length >= 60 || !words) break;
    }
    return { rows: found, next };
  };
}

export default async function mount(root, { query, go }) {
  let filter = readFilter(query);
  let controller = new AbortController();
  await Promise.all([accounts(), readFiling(), get('members') ? null : members()]);
  const edits = canEdit();
  const picked = new Set();
  render(root, html`
    <div class="head"><div><h1>${t('place.transactions')}</h1><p class="s muted" id="count" aria-live="polite">&nbsp;</p></div><div class="chips"><button class="btn" type="button" id="export">${icon('dl')}${t('transactions.export')}</button>${edits ? html`<button class="btn" type="button" id="by-hand">${icon('plus')}${t('transactions.add')}</button>` : ''}</div></div>
    <div class="stack tight"><label class="with-icon"><span class="vh">${t('search')}</span>${icon('search')}<input class="input" type="search" id="search" data-search value="${filter.text}" placeholder="${t('search.hint')}" autocomplete="off" aria-keyshortcuts="/"><kbd aria-hidden="true">/</kbd></label>
      <div class="chips" id="chips"></div></div>
    <div class="with-side" id="split"><section class="card flush vcard" aria-label="${t('place.transactions')}"><div class="arrived" id="arrived"></div><div class="wrap" id="list"></div></section></div><div id="bulk"></div>`);
  const list = new VirtualList(find('#list', root), {
    load: cursor => source(filter, () => controller.signal)(cursor),
    rowHTML: row => transactionRow(row, { href: `/transactions?${withRow(row.id)}`, picks: edits, isPicked: picked.has(row.id), edits }),
    headHTML: day => html`<h2 class="s"><time datetime="${day}">${dayHead(day)}</time></h2>`,
    emptyHTML: () => hasFilter() ? empty({ drawing: 'search', title: t('transactions.nothing'), action: html`<button class="btn" type="button" data-clear>${t('filter.clear')}</button>` })
      : empty({ drawing: 'list', title: t('latest.none'), words: t('latest.none_words'), action: html`<a class="btn" href="/accounts">${t('place.accounts')}</a>` }),
    onChange: () => count(),
  });
  const isReading = () => scrollY > 200 || Boolean(detail) || picked.size > 0 || Boolean(document.querySelector('.picker, dialog[open]') ?? document.activeElement?.closest('.vrows'));
  const news = arrivals(find('#arrived', root), list, { first: () => source(filter, () => controller.signal)(undefined), isReading });
  const hasFilter = () => writeFilter(filter).size > 0;
  const withRow = id => { const to = writeFilter(filter); to.set('tx', id); return to; };

  const count = () => {
    const place = find('#count', root);
    if (!list.isOver) { render(place, html`${t('transactions.more', { count: list.rows.size })}`); return; }
    const rows = [...list.rows.values()].map(each => each.row).filter(row => !row.pending && row.flow !== 'transfer' && row.flow !== 'excluded');
    const currencies = new Set(rows.map(row => row.amount.currency));
    if (currencies.size !== 1) { render(place, html`${t('transactions.count', { count: list.rows.size })}`); return; }
    const [currency] = currencies;
    const of = keep => sum(rows.map(row => row.amount).filter(keep), currency);
    render(place, html`${t('transactions.count', { count: list.rows.size })} · ${t('flow.out')} ${moneyHTML(of(isNegative))} · ${t('flow.in')} ${moneyHTML(of(each => !isNegative(each)))}`);
  };
  const show = row => {
    if (row.deleted && !row.waiting) { news.gone(row); return; }
    list.update(row.id, row);
    if (detail?.id === row.id) detail.show(row);
  };
  const file = async (row, anchor) => {
    const code = await pickCategory(anchor, row.category);
    if (!code || code === row.category) return;
    await write(row, { category: code }, { guess: { category: code }, text: done => t('edit.category', { name: nameOf(done), category: get('categoryNames').get(code) ?? code }), put: show });
    offerAlike(row, code);
  };

  // Several at once.
  const paintBulk = () => {
    const rows = [...picked].map(id => list.row(id)).filter(Boolean);
    const currencies = new Set(rows.map(row => row.amount.currency));
    render(find('#bulk', root), rows.length ? html`<div class="bulk" role="region" aria-label="${t('bulk.title')}"><strong>${t('bulk.count', { count: rows.length })}</strong>${currencies.size === 1 ? moneyHTML(sum(rows.map(row => row.amount), [...currencies][0])) : ''}
      <button class="btn" type="button" data-bulk="category" aria-haspopup="listbox">${t('category')}</button><button class="btn" type="button" data-bulk="tag">${t('tag')}</button><button class="btn" type="button" data-bulk="reviewed">${t('bulk.reviewed')}</button><button class="btn" type="button" data-bulk="excluded">${t('bulk.exclude')}</button><button class="btn" type="button" data-bulk="delete">${t('delete')}</button>
      <button class="btn icon" type="button" data-bulk="none" aria-label="${t('bulk.none')}">${icon('x')}</button></div>` : html``);
  };
  const pick = (id, isOn) => { if (isOn) picked.add(id); else picked.delete(id); list.update(id, list.row(id)); paintBulk(); };
  const bulk = async (what, button) => {
    const ids = [...picked].slice(0, 1_000);
    const go = async (change, text) => {
      const done = await writeMany({ ids, ...change }, text, { rows: ids.map(id => list.row(id)).filter(Boolean), show });
      if (!done) return;
      picked.clear();
      paintBulk();
      if (done.waits) list.redraw(); else await list.restart();
    };
    if (what === 'none') { picked.clear(); list.redraw(); paintBulk(); return; }
    if (what === 'category') {
      const code = await pickCategory(button, null);
      if (code) await go({ set: { category: code } }, count => t('bulk.filed', { count, category: get('categoryNames').get(code) ?? code }));
    } else if (what === 'tag') {
      const tag = await (await bring('ui/tagdialog.js')).askForTag();
      if (tag) await go({ add_tags: [tag.id] }, count => t('bulk.tagged', { count, tag: tag.name }));
    } else if (what === 'reviewed') await go({ set: { reviewed: true } }, count => t('bulk.reviewed_done', { count }));
    else if (what === 'excluded') await go({ set: { excluded: true } }, count => t('bulk.excluded_done', { count }));
    else if (what === 'delete') await go({ deleted: true }, count => t('bulk.deleted', { count }));
  };

  const paintChips = () => render(find('#chips', root), html`
    ${chips(filter).map((chip, index) => html`<button class="chip on" type="button" data-chip="${index}" aria-label="${t('filter.remove', { name: chip.text })}">${chip.text}${icon('x')}</button>`)}
    <button class="chip" type="button" id="add-filter" aria-haspopup="dialog">${icon('filter')}${t('filter.add')}</button>
    ${can('GET /v1/views') ? html`<button class="chip" type="button" id="views" aria-haspopup="dialog">${icon('list')}${t('views.chip')}</button>` : ''}
    ${ranges().filter(each => !filter.from && !filter.to && each.name !== 'days_90').map(each => html`<button class="chip wide-only" type="button" data-range="${each.name}">${t(`range.${each.name}`)}</button>`)}
    ${canFile() && !filter.uncategorized ? html`<button class="chip" type="button" data-uncategorized>${t('filter.uncategorized')}</button>` : ''}
    ${hasFilter() ? html`<button class="btn quiet" type="button" data-clear>${t('filter.clear')}</button>` : ''}`);
  const apply = async wanted => {
    filter = wanted;
    controller.abort();
    controller = new AbortController();
    history.replaceState(history.state, '', here());
    paintChips();
    closeDetail();
    news.clear();
    scrollTo(0, 0);
    await list.restart();
    if (filter.text) say(t(list.isOver ? 'transactions.count' : 'transactions.more', { count: list.rows.size }));
  };
  let asks = 0;
  let isAsking = false;
  const askNow = async () => {
    const mine = ++asks;
    isAsking = true;
    askFor.cancel();
    await apply({ ...filter });
    if (mine === asks) isAsking = false;
  };
  const askFor = debounce(askNow, 40);
  /** What is here is searched at once, and the server asked; while it answers, the next question waits until the fingers rest. */
  const type = text => {
    filter = { ...filter, text };
    controller.abort();
    controller = new AbortController();
    closeDetail();
    if (text) list.preview([...list.rows.values()].map(each => each.row).slice(0, 2_000).filter(row => fitsText(row, text)));
    if (isAsking) askFor(); else askNow();
  };

  const here = () => { const to = writeFilter(filter); return `/transactions${to.size ? `?${to}` : ''}`; };
  // A row that was opened from the list is one step in the history: Back closes it, and closing it goes back.
  let way = Promise.resolve();
  const goBack = () => {
    if (!history.state?.isRow) { history.replaceState(history.state, '', here()); return; }
    way = new Promise(done => { addEventListener('moved', done, { once: true }); setTimeout(done, 500); });
    history.back();
  };
  const goTo = async id => {
    await way;
    const to = `/transactions?${withRow(id)}`;
    if (detail) history.replaceState(history.state, '', to); else history.pushState({ key: crypto.randomUUID(), isRow: true }, '', to);
    await openRow(id);
  };
  const moved = event => {
    const query = new URLSearchParams(location.search);
    if (location.pathname !== '/transactions' || String(writeFilter(readFilter(query))) !== String(writeFilter(filter))) return;
    event.preventDefault();
    if (query.get('tx')) openRow(query.get('tx'));
    else if (detail) { const { id } = detail; closeDetail(); find(`[data-id="${id}"] a`, root)?.focus({ preventScroll: true }); }
  };

  // One row in detail: beside the list where there is room, over it otherwise. Back closes it.
  let detail = null;
  const closeDetail = () => { detail?.close(); detail = null; for (const node of all('.tx.open', root)) node.classList.remove('open'); };
  const openRow = async id => {
    closeDetail();
    const row = list.row(id) ?? await ask(`/v1/transactions/${id}`).catch(() => null);
    if (!row) return;
    detail = openDetail(find('#split', root), row, {
      onClose: () => { goBack(); detail = null; for (const node of all('.tx.open', root)) node.classList.remove('open'); find(`[data-id="${id}"] a`, root)?.focus(); },
      onChanged: changed => { if (changed.deleted && !changed.waiting) list.restart(); else list.update(changed.id, changed); },
    });
    find(`[data-id="${id}"]`, root)?.classList.add('open');
  };

  const ends = [
    on(root, 'click', '[data-chip]', (event, chip) => apply(chips(filter)[Number(chip.dataset.chip)].without)),
    on(root, 'click', '[data-range]', (event, chip) => { const { from, to } = ranges().find(each => each.name === chip.dataset.range); apply({ ...filter, from, to }); }),
    on(root, 'click', '[data-clear]', () => { find('#search', root).value = ''; apply(readFilter(new URLSearchParams())); }),
    on(root, 'click', '#add-filter', async () => (await import('../ui/filterdialog.js')).openFilter(filter, apply)),
    on(root, 'click', '#views', async () => (await import('../ui/viewsdialog.js')).openViews(filter, go)),
    on(root, 'click', '#by-hand', async () => (await import('../ui/byhand.js')).openTransaction(filter.accounts[0], () => list.restart())),
    on(root, 'click', '#export', async (event, button) => {
      button.setAttribute('aria-busy', 'true');
      const query = writeFilter({ ...filter, text: '' });
      const words = filter.text.split(/\s+/).filter(each => !/^[<>]\d/.test(each)).join(' ').trim();
      if (words) query.set('text', words);
      try { await download(`/v1/transactions.csv?${query}`, `magpie-transactions-${todayDay()}.csv`); } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); }
      button.removeAttribute('aria-busy');
    }),
    on(root, 'click', '[data-uncategorized]', () => apply({ ...filter, uncategorized: 'true' })),
    on(root, 'click', '.vrows [data-category]', (event, button) => { event.preventDefault(); file(list.row(button.closest('[data-id]').dataset.id), button); }),
    on(root, 'change', '.vrows [data-pick]', (event, box) => pick(box.closest('[data-id]').dataset.id, box.checked)),
    on(root, 'click', '[data-bulk]', (event, button) => bulk(button.dataset.bulk, button)),
    on(root, 'input', '#search', (event, input) => type(input.value.trim())),
    on(root, 'click', '.vrows .tx a', (event, link) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      goTo(link.closest('[data-id]').dataset.id);
    }),
    onChange(change => {
      if (change.kind === 'filing') { list.redraw(); paintChips(); }
      if (!['transactions', 'resync'].includes(change.kind)) return;
      // One's own edits are shown already; what came from elsewhere must not move what is being read.
      if (change.data?.id) refresh(change.data.id);
      else if (change.data?.ids?.every(id => list.row(id))) change.data.ids.forEach(refresh);
      else if (change.data?.undo && !change.data.isFar) list.restart();
      else news.tell();
    }),
  ];
  const refresh = async id => {
    const row = list.row(id);
    if (!row) return;
    try {
      const now = await ask(`/v1/transactions/${id}`);
      if (JSON.stringify(now) !== JSON.stringify(list.row(id))) show(now);
    } catch (error) {
      // Erased, or hidden from us by now.
      if (error.status === 404) news.gone(row);
    }
  };
  const keys = event => {
    if (isTyping(event) && !(event.target.id === 'search' && event.key === 'ArrowDown')) {
      if (event.key === 'Escape' && event.target.id === 'search' && event.target.value) { event.preventDefault(); event.target.value = ''; apply({ ...filter, text: '' }); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step && (event.key.length > 1 ? event.target.closest('.vrows') || event.target.id === 'search' : true)) {
      const ids = list.ids;
      const at = ids.indexOf(document.activeElement?.closest('[data-id]')?.dataset.id);
      const to = ids[Math.max(0, Math.min(ids.length - 1, at + step))];
      if (to) { event.preventDefault(); find('a', list.reach(to))?.focus({ preventScroll: true }); }
    } else if (edits && ['x', 'c', 'n', '#'].includes(event.key)) {
      const id = document.activeElement?.closest('.vrows [data-id]')?.dataset.id ?? detail?.id;
      if (event.key === 'c' && picked.size) { event.preventDefault(); bulk('category', find('[data-bulk=category]', root)); return; }
      const row = id && list.row(id);
      if (!row) return;
      event.preventDefault();
      if (event.key === 'x') { pick(id, !picked.has(id)); find(`[data-id="${id}"] a`, root)?.focus({ preventScroll: true }); }
      else if (event.key === 'c') file(row, find(`[data-id="${id}"] [data-category]`, root));
      else goTo(id).then(() => detail?.focus(event.key === 'n' ? 'notes' : 'tag'));
    } else if (edits && event.key === 'z') { event.preventDefault(); undo(); } else if (edits && event.key === 'Z') { event.preventDefault(); redo(); }
    else if (event.key === 'Escape' && picked.size && !detail && !document.querySelector('.picker')) { event.preventDefault(); bulk('none'); }
    else if (event.key === 'Escape' && detail) { event.preventDefault(); detail.close(true); }
  };
  document.addEventListener('keydown', keys);
  addEventListener('moved', moved);
  paintChips();
  await list.more();
  if (query.get('tx')) await openRow(query.get('tx'));
  return () => {
    controller.abort();
    askFor.cancel();
    document.removeEventListener('keydown', keys);
    removeEventListener('moved', moved);
    closeDetail();
    news.end();
    list.end();
    for (const end of ends) end();
  };
}

