// What stands around every page: navigation, the bar on top, the phone's bar. Drawn once.

import { can, get as ask, post, start } from './api.js';
import { html, render, find, all, on, icon, initials, debounce } from './dom.js';
import { bring } from './bring.js';
import { mark } from './icons.js';
import { get, choice, set, watch } from './store.js';
import { onChange } from './live.js';
import { t } from './texts.js';

/** Places that are there, in their order. What this server cannot be asked is not offered. */
export function placesOffered() {
  const main = [
    ['overview', '/', 'home', can('GET /v1/overview')], ['accounts', '/accounts', 'bank', true],
    ['transactions', '/transactions', 'list', true], ['cash-flow', '/cash-flow', 'flow', can('GET /v1/overview')],
    ['budgets', '/budgets', 'pie', can('GET /v1/budgets')], ['recurring', '/recurring', 'repeat', can('GET /v1/recurring')],
    ['reports', '/reports', 'report', can('GET /v1/cashflow/summary')],
    ['investments', '/investments', 'trend', true], ['liabilities', '/liabilities', 'card', true],
    ['categories', '/categories', 'tag', can('GET /v1/categories')],
    ['rules', '/rules', 'bolt', can('GET /v1/rules')],
  ];
  const last = [
    ['ask', '/ask', 'chat', can('GET /v1/advisor/recommendations')], ['inbox', '/inbox', 'inbox', can('GET /v1/suggestions')],
    ['notifications', '/notifications', 'bell', can('GET /v1/notifications')], ['activity', '/activity', 'pulse', true],
    ['settings', '/settings', 'set', true],
  ];
  const there = list => list.filter(place => place[3]);
  return { main: there(main), last: there(last) };
}

const link = ([name, address, drawing]) =>
  html`<li><a href="${address}" data-place="${name}" title="${t(`place.${name}`)}">${icon(drawing)}<span>${t(`place.${name}`)}</span><span class="count" data-count="${name}" hidden></span></a></li>`;

export function showShell() {
  const root = document.getElementById('root');
  const there = find('#page', root);
  if (there) return there;
  const { main, last } = placesOffered();
  const me = get('me');
  const phone = main.slice(0, 4);
  render(root, html`
    <a class="btn skip" href="#main">${t('skip')}</a>
    <div class="app">
      <nav class="nav" aria-label="${t('navigation')}">
        <a class="brand" href="/">${mark()}<span>Magpie</span></a>
        <ul>${main.map(link)}</ul>
        <ul class="last">${last.map(link)}</ul>
      </nav>
      <div class="page">
        <header class="top">
          <a class="brand" href="/" aria-label="Magpie">${mark()}<span>Magpie</span></a>
          <button class="btn jump" type="button" id="jump" aria-label="${t('jump')}" aria-keyshortcuts="Control+K Meta+K">${icon('search')}<span>${t('jump')}</span><kbd aria-hidden="true">${t('jump_key')}</kbd></button>
          <button class="btn icon plain" type="button" id="privacy" aria-pressed="false" aria-label="${t('hide_amounts')}" title="${t('hide_amounts')} (h)">${icon('eye')}</button>
          <button class="btn icon plain wide-only" type="button" id="theme" aria-label="${t('switch_theme')}" title="${t('switch_theme')}">${icon('moon')}</button>
          <div class="person"><button class="btn icon plain" type="button" id="person" aria-haspopup="menu" aria-expanded="false" aria-label="${t('person_menu', { name: me.name })}" title="${me.name}"><span class="mono round dark">${initials(me.name)}</span></button></div>
        </header>
        <div id="offline" class="banner warn" role="status" hidden>${icon('off')}<div>${t('offline_banner')}</div></div>
        <div id="waiting" role="status"></div>
        <main id="main" tabindex="-1"><div id="page"></div></main>
      </div>
    </div>
    <nav class="tabbar" aria-label="${t('navigation_phone')}">
      ${phone.map(([name, address, drawing]) => html`<a href="${address}" data-place="${name}">${icon(drawing)}<span>${t(`place.${name}`)}</span></a>`)}
      <button type="button" id="more" aria-haspopup="dialog">${icon('more')}<span>${t('more')}</span></button>
    </nav>`);
  on(root, 'click', '#privacy', togglePrivacy);
  on(root, 'click', '#theme', () => {
    const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
    const now = document.documentElement.dataset.theme ?? (isDark ? 'dark' : 'light');
    setTheme(now === 'dark' ? 'light' : 'dark');
  });
  on(root, 'click', '#jump', async () => (await import('./ui/palette.js')).openPalette());
  on(root, 'click', '#more', async () => (await import('./ui/more.js')).openMore([...main.slice(4), ...last]));
  on(root, 'click', '#person', async (event, button) => (await import('./ui/more.js')).personMenu(button));
  addEventListener('connection', event => {
    const banner = find('#offline');
    // A restart takes a moment: nobody needs to be told of that.
    clearTimeout(quiet);
    if (!event.detail) { if (banner) banner.hidden = true; return; }
    quiet = setTimeout(() => { if (banner) banner.hidden = false; }, 10_000);
  });
  on(root, 'click', '[data-waiting]', async () => (await bring('ui/waitingdialog.js')).openWaiting());
  showPrivacy();
  showWaiting();
  watch('waiting', showWaiting);
  showCounts();
  onChange(change => { if (['notifications', 'transactions', 'resync'].includes(change.kind)) showCounts(); });
  watch('me', () => { const name = get('me')?.name; if (name) render(find('#person .mono'), html`${initials(name)}`); });
  return find('#page', root);
}
let quiet;

/** What was written and is not sent yet. */
function showWaiting() {
  const { count, stuck } = get('waiting') ?? { count: 0, stuck: [] };
  const place = find('#waiting');
  if (place) render(place, html`${count ? html`<div class="banner info">${icon('clock')}<div>${t('waiting.banner', { count })}</div></div>` : ''}${stuck.length ? html`<div class="banner warn">${icon('alert')}<div>${t('waiting.stuck', { count: stuck.length })}</div><button class="btn" type="button" data-waiting>${t('waiting.choose')}</button></div>` : ''}`);
}

/** How much waits in the inbox and among what one was told. */
const showCounts = debounce(async () => {
  const show = (name, count, isMore) => {
    for (const place of all(`[data-count=${name}]`)) {
      place.hidden = !count;
      render(place, html`<span aria-hidden="true">${count}${isMore ? '+' : ''}</span><span class="vh">${t('count.waiting', { count })}</span>`);
    }
  };
  try {
    if (can('GET /v1/notifications')) { const { data, next } = await ask('/v1/notifications?unread=true&limit=20'); show('notifications', data.length, next); }
    if (can('GET /v1/suggestions')) { const { data, next } = await ask('/v1/suggestions?limit=20'); show('inbox', data.length, next); }
  } catch { /* the next change tells */ }
}, 300);

export function markPlace(name) {
  for (const each of all('[data-place]')) {
    if (each === document.body) continue;
    if (each.dataset.place === name) each.setAttribute('aria-current', 'page'); else each.removeAttribute('aria-current');
  }
  const more = find('#more');
  const isShown = all('.tabbar a[aria-current]').length > 0;
  if (more) { if (isShown) more.removeAttribute('aria-current'); else more.setAttribute('aria-current', 'true'); }
}

// MARK: Looks

export function applyTheme() {
  const theme = choice.get('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  document.documentElement.dataset.privacy = choice.get('privacy') === 'on' ? 'on' : 'off';
}

export function setTheme(theme) {
  choice.set('theme', theme);
  applyTheme();
  dispatchEvent(new Event('themechange'));
}

function showPrivacy() {
  const isOn = document.documentElement.dataset.privacy === 'on';
  const button = find('#privacy');
  if (!button) return;
  button.setAttribute('aria-pressed', isOn);
  render(button, icon(isOn ? 'eyeoff' : 'eye'));
}

export function togglePrivacy() {
  const isOn = document.documentElement.dataset.privacy !== 'on';
  choice.set('privacy', isOn ? 'on' : null);
  document.documentElement.dataset.privacy = isOn ? 'on' : 'off';
  showPrivacy();
  dispatchEvent(new Event('redraw'));
}

export async function signOut() {
  const { count, stuck } = get('waiting') ?? { count: 0, stuck: [] };
  if (count + stuck.length) {
    const [{ confirm }, { dropAll }] = await Promise.all([import('./ui/dialog.js'), import('./waiting.js')]);
    if (!await confirm({ title: t('waiting.sign_out', { count: count + stuck.length }), words: t('waiting.sign_out_words'), verb: t('sign_out') })) return;
    dropAll();
  }
  try { await post('/v1/auth/logout'); } catch { /* the sign-in had ended already */ }
  location.assign('/sign-in');
}

export const isSimulated = () => start.simulated;
export const switchHousehold = household => { choice.set('household', household.id); location.assign('/'); set('household', household); };
