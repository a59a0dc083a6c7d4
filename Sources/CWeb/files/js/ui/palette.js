// Jump to anything: places, accounts, transactions by name, and a few things to do. Ctrl-K.

import { get as ask, can } from '../api.js';
import { html, render, find, all, icon, debounce } from '../dom.js';
import { dayText, moneyText } from '../format.js';
import { get, set } from '../store.js';
import { t } from '../texts.js';
import { placesOffered, togglePrivacy, signOut, setTheme } from '../shell.js';
import { openDialog } from './dialog.js';
import { nameOf } from './rows.js';

export function openPalette() {
  if (find('#palette')) return;
  const box = openDialog({ title: t('jump_title') });
  const { main, last } = placesOffered();
  const things = [
    ...[...main, ...last].map(([name, address, drawing]) => ({ text: t(`place.${name}`), drawing, act: () => travel(address) })),
    { text: t('connect_bank'), drawing: 'plus', act: async () => (await import('../link.js')).connectBank() },
    { text: t('hide_amounts'), drawing: 'eye', act: togglePrivacy },
    { text: t('theme.light'), drawing: 'sun', act: () => setTheme('light') },
    { text: t('theme.dark'), drawing: 'moon', act: () => setTheme('dark') },
    { text: t('keys.title'), drawing: 'spark', act: openKeys },
    { text: t('sign_out'), drawing: 'out', act: signOut },
  ];
  render(box.root, html`<div class="stack tight" id="palette">
    <label class="with-icon"><span class="vh">${t('jump')}</span>${icon('search')}<input class="input" type="text" id="palette-field" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" autocomplete="off" placeholder="${t('jump')}"></label>
    <ul id="palette-list" class="palette" role="listbox" aria-label="${t('jump_title')}"></ul></div>`);
  const input = find('#palette-field', box.root);
  const list = find('#palette-list', box.root);
  let shown = [];
  let at = 0;
  const draw = () => {
    render(list, html`${shown.map((each, index) => html`<li role="option" id="palette-${index}" aria-selected="${index === at}" data-index="${index}">${icon(each.drawing)}<span class="grow clip">${each.text}</span>${each.more ? html`<span class="xs muted">${each.more}</span>` : ''}</li>`)}
      ${shown.length ? '' : html`<li class="muted s" role="option" aria-disabled="true" aria-selected="false">${t('nothing_found')}</li>`}`);
    input.setAttribute('aria-activedescendant', shown.length ? `palette-${at}` : '');
    find(`#palette-${at}`, list)?.scrollIntoView({ block: 'nearest' });
  };
  const accounts = () => (get('accounts') ?? []).map(each => ({ text: nameOf(each), more: each.institution ?? '', drawing: 'bank', act: () => travel(`/accounts/${each.id}`) }));
  if (!get('accounts')) ask('/v1/accounts?limit=500').then(body => { set('accounts', body.data); filter(); }).catch(() => {});
  let rows = [];
  const search = debounce(async text => {
    if (!can('GET /v1/categories') || text.length < 2) { rows = []; return; }
    try {
      const body = await ask(`/v1/transactions?text=${encodeURIComponent(text)}&limit=6`);
      rows = body.data.map(each => ({ text: nameOf(each), more: `${dayText(each.occurred_on)} · ${moneyText(each.amount)}`, drawing: 'list', act: () => travel(`/transactions?tx=${each.id}`) }));
    } catch { rows = []; }
    filter();
  }, 60);
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = each => words.every(word => `${each.text} ${each.more ?? ''}`.toLowerCase().includes(word));
    shown = [...things, ...accounts()].filter(fits).slice(0, 12).concat(words.length ? rows : []);
    if (words.length) {
      const text = input.value.trim();
      shown.push({ text: t('search_transactions', { text }), drawing: 'search', act: () => travel(`/transactions?q=${encodeURIComponent(text)}`) });
    }
    at = Math.min(at, Math.max(0, shown.length - 1));
    draw();
  };
  const take = index => { const chosen = shown[index]; if (chosen) { box.close(); chosen.act(); } };
  input.addEventListener('input', () => { at = 0; filter(); search(input.value.trim()); });
  input.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      at = (at + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % Math.max(1, shown.length);
      draw();
    } else if (event.key === 'Enter') { event.preventDefault(); take(at); }
  });
  list.addEventListener('click', event => { const item = event.target.closest('[data-index]'); if (item) take(Number(item.dataset.index)); });
  filter();
  input.focus();
}

async function travel(address) { (await import('../app.js')).go(address); }

export function openKeys() {
  const box = openDialog({ title: t('keys.title') });
  const keys = ['search', 'jump', 'go', 'hide', 'row', 'open', ...(can('PATCH /v1/transactions/{id}') ? ['select', 'category', 'note', 'undo'] : []), 'close', 'help'];
  render(box.root, html`<dl class="facts keys">${keys.map(name => html`<dt>${t(`keys.${name}`)}</dt><dd>${t(`keys.${name}.key`).split(' ').map(key => html`<kbd>${key}</kbd> `)}</dd>`)}</dl><p class="xs muted">${t('keys.off')}</p>`);
  return all('kbd', box.root);
}
