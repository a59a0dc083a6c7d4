// What does this account hold, and what went through it?

import { can, get as ask, put } from '../api.js';
import { html, render, find, icon, on } from '../dom.js';
import { draw, chartBox, axes, moneyTip } from '../charts.js';
import { accounts, connections, isAtLeast } from '../data.js';
import { addDays, moneyHTML, moneyText, ageHTML, dayHead, dayText, size, percent, todayDay, isNegative, isHidden } from '../format.js';
import { readFilter } from '../filter.js';
import { onChange } from '../live.js';
import { readFiling } from '../filing.js';
import { t, refusalText } from '../texts.js';
import { connectionButtons, stateBadge, banners } from '../ui/health.js';
import { arrivals } from '../ui/arrivals.js';
import { VirtualList } from '../ui/list.js';
import { transactionRow, shareBar } from '../ui/rows.js';
import { empty } from '../ui/states.js';
import { canErase, erase, follow } from '../ui/erasing.js';
import { openAccount, openTransaction } from '../ui/byhand.js';
import { toast } from '../ui/toast.js';
import { source } from './transactions.js';

export default async function mount(root, { params, go }) {
  const controller = new AbortController();
  let [list, banks] = await Promise.all([accounts(), connections(), readFiling()]);
  let account = list.find(each => each.id === params.id);
  if (!account) {
    render(root, html`<div class="head"><h1>${t('account')}</h1></div><section class="card">${empty({ drawing: 'bank', title: t('account.missing'), action: html`<a class="btn primary" href="/accounts">${t('place.accounts')}</a>` })}</section>`);
    return null;
  }
  let [past, proof] = [[], null];
  const charts = [];
  const drawn = [];
  const readFacts = async () => {
    const from = addDays(todayDay(), -365);
    [past, proof] = await Promise.all([
      can('GET /v1/accounts/{id}/balances') ? ask(`/v1/accounts/${params.id}/balances?from=${from}&limit=400`).then(body => body.data.filter(each => each.current).reverse(), () => []) : [],
      can('GET /v1/accounts/{id}/proof') ? ask(`/v1/accounts/${params.id}/proof`).catch(() => null) : null,
    ]);
  };
  const proofText = () => proof.verdict === 'adds_up' ? html`<span class="badge ok">${icon('check')}${t('proof_of.adds_up')}</span>`
    : proof.verdict === 'differs' ? html`<span class="badge warn">${icon('alert')}${t('proof_of.differs')}</span> ${moneyHTML(proof.difference, { plus: true })}` : html`<span class="muted">${t(`proof_of.${proof.reason ?? 'no_balance'}`)}</span>`;
  /** A year of what it held, on the days somebody looked. */
  const balanceLine = () => {
    charts.length = 0;
    if (past.length < 2) return html`<p class="s muted">${t('account.line_tomorrow')}</p>`;
    const [first, last] = [past[0], past.at(-1)];
    const box = chartBox({
      id: 'balance-line', label: t('account.line_label', { from: dayText(first.day), first: moneyText(first.current), to: dayText(last.day), last: moneyText(last.current) }),
      table: { caption: t('account.balance'), head: [t('day'), t('account.balance')], rows: [...past].reverse().slice(0, 60).map(each => [dayText(each.day), moneyHTML(each.current)]) },
    });
    charts.push({
      id: box.id,
      make: colours => ({
        type: 'line',
        data: { labels: past.map(each => dayText(each.day)), datasets: [{ label: t('account.balance'), data: past.map(each => size(each.current)), borderColor: colours.c1, borderWidth: 2, stepped: 'after', pointRadius: past.map((_, index) => index === past.length - 1 ? 4 : 0), pointBackgroundColor: colours.c1, pointHitRadius: 12, fill: 'start', backgroundColor: colours.alpha(colours.c1, 0.1) }] },
        options: { interaction: { mode: 'index', intersect: false }, layout: { padding: { right: 8, top: 8 } }, plugins: { tooltip: { callbacks: moneyTip(account.currency) } }, scales: { y: { ...axes(colours, account.currency).y, grace: '8%' }, x: axes(colours, account.currency, 5).x } },
      }),
    });
    return box.markup;
  };
  const paintHead = () => {
    for (const end of drawn.splice(0)) end();
    render(find('#account-head', root), head());
    for (const chart of charts) drawn.push(draw(root, chart.id, account.currency, chart.make));
  };
  const head = () => {
    const bank = banks.find(each => each.id === account.connection);
    const { current, available, limit } = account.balance;
    const used = limit && current && size(limit) > 0 ? Math.max(0, -size(current)) / size(limit) : null;
    return html`<div class="head"><div><p class="s"><a href="/accounts">${icon('left')} ${t('place.accounts')}</a></p><h1>${account.name}</h1>
      <p class="s muted">${[account.institution, t.has(`kind.${account.kind}`) ? t(`kind.${account.kind}`) : account.subtype, account.mask ? `··${account.mask}` : ''].filter(Boolean).join(' · ')}</p></div>${isAtLeast('member') ? html`<div class="chips">${account.by_hand ? html`<button class="btn primary" type="button" data-by-hand>${icon('plus')}${t('byhand.add_transaction')}</button>` : ''}<button class="btn" type="button" data-change>${t('account.change')}</button></div>` : ''}</div>
      ${bank ? banners([bank]) : ''}
      <div class="grid"><section class="card w8" aria-labelledby="balance-h"><header><h2 id="balance-h">${t(current && isNegative(current) ? 'account.owed' : 'account.balance')}</h2><span class="s muted">${ageHTML(account.balance.as_of)}</span></header>
        ${moneyHTML(current, { big: true })}
        ${used === null ? '' : html`<div class="stack tight"><span class="s muted">${t('account.used', { part: isHidden() ? '•••' : percent(used) })} ${moneyHTML(limit)}</span>${isHidden() ? '' : shareBar(used, used > 0.9 ? 'bad' : used > 0.5 ? 'warn' : '', t('account.used', { part: percent(used) }))}</div>`}
        ${balanceLine()}
        ${account.no_longer_sent_at ? html`<div class="banner warn">${icon('alert')}<div>${t('account.gone_words')}</div></div>` : ''}</section>
      <section class="card w4" aria-labelledby="facts-h"><header><h2 id="facts-h">${t('account.about')}</h2></header><dl class="facts">
        ${available ? html`<dt>${t('account.available')}</dt><dd>${moneyHTML(available)}</dd>` : ''}
        ${limit ? html`<dt>${t('account.limit')}</dt><dd>${moneyHTML(limit)}</dd>` : ''}
        ${proof ? html`<dt>${t('account.adds_up')}</dt><dd>${proofText()}</dd>` : ''}
        <dt>${t('account.currency')}</dt><dd>${account.currency}</dd>
        ${account.notes ? html`<dt>${t('detail.notes')}</dt><dd class="wraps">${account.notes}</dd>` : ''}
        ${account.official_name ? html`<dt>${t('account.official')}</dt><dd>${account.official_name}</dd>` : ''}
        ${bank ? html`<dt>${t('bank')}</dt><dd>${stateBadge(bank)}</dd>` : ''}</dl>
        <div class="field"><label for="sharing">${t('account.sharing')}</label><select class="input" id="sharing">${account.sharing ? '' : html`<option value="" selected>${t('sharing.choose')}</option>`}${['full', 'balances', 'hidden'].map(level => html`<option value="${level}" ${level === account.sharing ? html`selected` : ''}>${t(`sharing.${level}`)}</option>`)}</select><span class="hint">${t('account.sharing_hint')}</span></div>
        ${bank ? html`<div class="chips"><button class="btn" type="button" data-sync="${bank.id}" data-name="${bank.institution.name}">${icon('sync')}${t('sync_now')}</button></div>` : ''}
        ${!bank && canErase('accounts/{id}') && isAtLeast('member') ? html`<div class="chips"><button class="btn plain quiet-danger" type="button" data-erase>${t('erase.account')}</button></div>` : ''}</section></div>`;
  };
  await readFacts();
  render(root, html`<div id="account-head" class="stack"></div>
    <section class="card flush vcard" aria-labelledby="rows-h"><header class="spread"><h2 id="rows-h">${t('place.transactions')}</h2><a class="s" href="/transactions?account=${account.id}">${t('account.search')}</a></header><div class="arrived" id="arrived"></div><div class="wrap" id="list"></div></section>`);
  const load = source({ ...readFilter(new URLSearchParams()), accounts: [account.id] }, () => controller.signal);
  const rows = new VirtualList(find('#list', root), {
    load,
    rowHTML: row => transactionRow(row, { href: `/transactions?account=${account.id}&tx=${row.id}` }),
    headHTML: day => html`<h3 class="s"><time datetime="${day}">${dayHead(day)}</time></h3>`,
    emptyHTML: () => empty({ drawing: 'list', title: t('account.no_rows'), words: t('account.no_rows_words'), action: account.by_hand && isAtLeast('member') ? html`<button class="btn" type="button" data-by-hand>${t('byhand.add_transaction')}</button>` : '' }),
  });
  const isReading = () => find('#list', root).getBoundingClientRect().top < 0 || Boolean(document.activeElement?.closest('.vrows'));
  const news = arrivals(find('#arrived', root), rows, { first: () => load(undefined), isReading });
  paintHead();
  const ends = [
    connectionButtons(root),
    on(root, 'click', '[data-change]', () => openAccount(account)),
    on(root, 'click', '[data-erase]', () => erase(`/v1/accounts/${account.id}/erase`, { title: t('erase.account_title', { name: account.name }), words: t('erase.sure'), told: async erasure => { go('/accounts'); await follow(erasure); } })),
    on(root, 'click', '[data-by-hand]', () => openTransaction(account.id, () => rows.restart())),
    on(root, 'change', '#sharing', async (event, select) => {
      if (!select.value) return;
      try {
        await put(`/v1/accounts/${account.id}/sharing`, { level: select.value });
        toast(t('sharing.done', { name: account.name, level: t(`sharing.${select.value}`) }));
      } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); }
    }),
    onChange(async change => {
      if (change.kind === 'transactions') { if (change.data?.undo && !change.data.isFar) rows.restart(); else news.tell(); }
      if (!['accounts', 'connections', 'resync'].includes(change.kind)) return;
      [list, banks] = await Promise.all([accounts(), connections(), readFacts()]);
      account = list.find(each => each.id === params.id) ?? account;
      paintHead();
    }),
  ];
  await rows.more();
  return () => { controller.abort(); news.end(); rows.end(); for (const end of [...ends, ...drawn]) end(); };
}

