// Starts the page: language, who is here, then the page that the address names. Pages come when they are first visited.

import { start, can, get, isOffline, isSignedIn, setHousehold, onConnection } from './api.js';
import { html, render, find, say } from './dom.js';
import { sprite } from './icons.js';
import { set, get as known, choice, watch } from './store.js';
import { t, useLanguage } from './texts.js';
import { showShell, markPlace, applyTheme } from './shell.js';
import { onChange, watchServer } from './live.js';
import { bring } from './bring.js';
import { addKeys } from './keys.js';
import { watchWaiting } from './edits.js';
import { setToday } from './format.js';
import { errorCard } from './ui/states.js';

const routes = [
  ['/', 'overview', 'overview'], ['/overview', 'overview', 'overview'], ['/accounts', 'accounts', 'accounts'],
  ['/accounts/{id}', 'account', 'accounts'], ['/transactions', 'transactions', 'transactions'],
  ['/cash-flow', 'cashflow', 'cash-flow'], ['/investments', 'investments', 'investments'],
  ['/liabilities', 'liabilities', 'liabilities'], ['/activity', 'activity', 'activity'], ['/reports', 'reports', 'reports'], ['/categories', 'categories', 'categories'],
  ['/rules', 'rules', 'rules'], ['/budgets', 'budgets', 'budgets'], ['/recurring', 'recurring', 'recurring'],
  ['/ask', 'ask', 'ask'], ['/inbox', 'inbox', 'inbox'], ['/notifications', 'notifications', 'notifications'],
  ['/settings', 'settings', 'settings'], ['/settings/{section}', 'settings', 'settings'],
  ['/link', 'link', 'accounts'], ['/link/return', 'link', 'accounts'],
];
/** Pages that a server may lack. */
const needed = { rules: 'GET /v1/rules', budgets: 'GET /v1/budgets', recurring: 'GET /v1/recurring', ask: 'GET /v1/advisor/recommendations', inbox: 'GET /v1/suggestions' };
const isThere = page => !needed[page] || can(needed[page]);
const open = [['/welcome', 'welcome'], ['/sign-in', 'signin'], ['/reset', 'reset'], ['/invitation', 'invitation']];

const match = (table, path) => {
  for (const [pattern, page, place] of table) {
    const names = [];
    const rule = pattern.replace(/\{(\w+)\}/g, (_, name) => { names.push(name); return '([^/]+)'; });
    const found = path.match(new RegExp(`^${rule}/?$`));
    if (found) return { page, place, params: Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1])])) };
  }
  return null;
};

let leave = null;
let visit = 0;
const places = new Map();

/** Shows what the address names. Leaving a page ends what it had begun. */
async function show({ keepsFocus = false, isFirst = false } = {}) {
  const mine = ++visit;
  const path = location.pathname;
  const outside = match(open, path);
  const found = match(routes, path);
  await leave?.();
  leave = null;
  if (outside || !isSignedIn()) {
    document.body.dataset.place = 'outside';
    const page = outside?.page ?? (start.setup_needed ? 'welcome' : 'signin');
    const module = await load(page);
    if (mine !== visit || !module) return;
    leave = await module.default(document.getElementById('root'), { go, query: new URLSearchParams(location.search) });
    return;
  }
  document.body.dataset.place = 'inside';
  const root = showShell();
  markPlace(found?.place);
  const module = await load(found && isThere(found.page) ? found.page : 'missing');
  if (mine !== visit || !module) return;
  try {
    const place = { params: found?.params ?? {}, query: new URLSearchParams(location.search), go, keepsFocus };
    leave = await module.default(root, place);
  } catch (error) {
    if (mine !== visit) return;
    render(root, html`${found ? html`<div class="head"><h1>${t(`place.${found.place}`)}</h1></div>` : ''}${errorCard(error)}`);
    if (error.status === undefined) console.error(error);
  }
  if (mine !== visit) return;
  const title = find('h1', root)?.textContent;
  document.title = title ? `${title} · Magpie` : 'Magpie';
  if (isFirst) return;
  if (!keepsFocus) {
    find('#main')?.focus({ preventScroll: true });
    if (title) say(title);
    scrollTo(0, places.get(history.state?.key) ?? 0);
  }
}


async function load(page) {
  try {
    return await bring(`pages/${page}.js`);
  } catch (error) {
    const answers = await fetch('/health', { cache: 'no-store' }).then(() => true, () => false);
    // The server was replaced by a newer one meanwhile: its files have other addresses.
    if (answers && sessionStorage.getItem('magpie.reloaded') !== start.build) {
      sessionStorage.setItem('magpie.reloaded', start.build);
      location.reload();
      return null;
    }
    if (answers) console.error(error);
    return { default: root => { render(root, errorCard({ code: 'offline' })); return null; } };
  }
}

let isIncomplete = false;
let goes = 0;

/** Once there is nothing else to do, the rest is fetched: then it comes at once, and without the server. */
function fetchAhead() {
  const pages = new Set(routes.map(([, page]) => page).filter(page => page !== 'link' && isThere(page)));
  // What is written while the server is away needs its dialogs.
  const dialogs = ['splitdialog', 'tagdialog', 'waitingdialog'];
  const parts = [...[...pages].map(page => `pages/${page}.js`), ...dialogs.map(each => `ui/${each}.js`)];
  const later = globalThis.requestIdleCallback ?? (act => setTimeout(act, 500));
  later(async () => {
    const came = await Promise.allSettled(parts.map(bring));
    isIncomplete = came.some(each => each.status === 'rejected');
    // The server may have come back before the last of them had failed.
    if (isIncomplete && !isOffline() && (goes += 1) < 3) setTimeout(fetchAhead, 2_000);
  }, { timeout: 5_000 });
}

export function go(path, { replace = false } = {}) {
  places.set(history.state?.key, scrollY);
  const to = new URL(path, location.href);
  // Plaid's window is let in on its own address only, which has to be loaded as a page of its own.
  if (to.pathname.startsWith('/link')) { location.assign(to); return; }
  history[replace ? 'replaceState' : 'pushState']({ key: crypto.randomUUID() }, '', to);
  show();
}

document.addEventListener('click', event => {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname === location.pathname && link.hash && link.search === location.search) {
    // Within the page: only the focus goes there, and the address stays, so that nothing is drawn anew.
    event.preventDefault();
    document.getElementById(link.hash.slice(1))?.focus();
    return;
  }
  if (!match(routes, link.pathname) && !match(open, link.pathname)) return;
  event.preventDefault();
  go(link.href);
});
// A page may know the way back within itself: it says so by keeping the event.
addEventListener('popstate', () => { if (dispatchEvent(new CustomEvent('moved', { cancelable: true }))) show(); });
addEventListener('redraw', () => show({ keepsFocus: true }));
addEventListener('signed-out', () => location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`));

export async function refreshPerson() {
  const [me, households] = await Promise.all([get('/v1/me'), get('/v1/households')]);
  const own = households.data;
  const household = own.find(each => each.id === choice.get('household')) ?? own[0] ?? null;
  setHousehold(household?.id ?? null);
  set('me', me);
  set('households', own);
  // What did not change draws nothing anew.
  if (JSON.stringify(household) !== JSON.stringify(known('household'))) set('household', household);
}

async function begin() {
  applyTheme();
  document.body.insertAdjacentHTML('afterbegin', sprite.text);
  document.body.insertAdjacentHTML('beforeend', '<div id="root"></div><div id="live" class="vh" role="status" aria-live="polite"></div><div class="toasts" id="toasts"></div>');
  if (!history.state?.key) history.replaceState({ key: crypto.randomUUID() }, '');
  if (isSignedIn()) {
    try {
      await refreshPerson();
    } catch (error) {
      await useLanguage();
      if (error.status !== 401) render(document.getElementById('root'), errorCard(error));
      return;
    }
    const zone = known('household')?.time_zone;
    try { setToday(new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date())); } catch { /* a zone the browser does not know */ }
  }
  const locale = known('me')?.locale;
  await useLanguage(choice.get('language') ?? locale);
  if (isSignedIn()) {
    addKeys(go);
    watchServer();
    watchWaiting();
    onChange(async change => {
      if (change.kind !== 'household') return;
      try { await refreshPerson(); } catch { /* the next change tells */ }
    });
    watch('household', () => { dispatchEvent(new Event('redraw')); });
  }
  onConnection(isLost => {
    document.documentElement.dataset.offline = isLost ? 'on' : 'off';
    dispatchEvent(new CustomEvent('connection', { detail: isLost }));
    if (!isLost && isIncomplete) fetchAhead();
  });
  await show({ isFirst: true });
  document.documentElement.dataset.ready = 'yes';
  performance.mark('ready');
  if (isSignedIn()) fetchAhead();
  if ('serviceWorker' in navigator && isSecureContext) navigator.serviceWorker.register('/sw.js').catch(() => {});
}

begin();
