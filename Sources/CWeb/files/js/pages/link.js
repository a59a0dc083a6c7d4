// Which bank, in Plaid's own window? The one page that lets Plaid's script in; a bank's site comes back here too.

import { can, post, start } from '../api.js';
import { html, render, find, icon } from '../dom.js';
import { exchange, report } from '../link.js';
import { announce, expectNews } from '../live.js';
import { t, refusalText } from '../texts.js';

const script = 'https://cdn.plaid.com/link/v2/stable/link-initialize.js';
// A bank's site comes back in the same tab: what was begun is kept until then, and nothing of it is money.
const kept = {
  get() { try { return JSON.parse(sessionStorage.getItem('magpie.link')); } catch { return null; } },
  set(value) { if (value) sessionStorage.setItem('magpie.link', JSON.stringify(value)); else sessionStorage.removeItem('magpie.link'); },
};

const library = () => globalThis.Plaid ? Promise.resolve(globalThis.Plaid) : new Promise((done, fail) => {
  const element = document.createElement('script');
  element.src = script;
  element.onload = () => done(globalThis.Plaid);
  element.onerror = () => fail(Object.assign(new Error(), { code: 'link.no_plaid' }));
  document.head.append(element);
});

/** Only a path of our own: a link from elsewhere must not lead away. */
const inside = path => path && /^\/(?![/\\])/.test(path) ? path : '/accounts';

export default async function mount(root, { query, go }) {
  const isReturn = location.pathname === '/link/return';
  const before = isReturn ? kept.get() : null;
  const connection = before?.connection ?? query.get('connection');
  const back = inside(before?.back ?? query.get('back'));
  render(root, html`<div class="head"><div><h1>${t(connection ? 'link.page_again' : 'connect_bank')}</h1></div></div>
    <section class="card" id="link-card"><p role="status">${icon('sync', 'spin')} ${t('link.opening')}</p></section>`);
  const card = find('#link-card', root);
  const leave = () => { kept.set(null); location.assign(back); };
  const fail = error => {
    if (error.status === undefined && error.code === undefined) console.error(error);
    render(card, html`<div class="banner bad" role="alert">${icon('alert')}<div><strong>${t('link.failed')}</strong> ${refusalText(error)}</div></div>
      <div class="actions"><button class="btn" type="button" data-leave>${t('back')}</button><a class="btn primary" href="/link?${new URLSearchParams({ back, ...(connection ? { connection } : {}) })}" data-anew>${t('try_again')}</a></div>`);
    find('[data-leave]', card).addEventListener('click', leave);
  };
  if (isReturn && !before) { fail({ code: 'link.over' }); return null; }
  if (start.simulated) { go(back, { replace: true }); return null; }

  const done = async (publicToken, metadata, adopt = false) => {
    render(card, html`<p role="status">${icon('sync', 'spin')} ${t('link.keeping')}</p>`);
    try {
      // Signing in again changes nothing here: the connection has its token already.
      if (connection) await post(`/v1/connections/${connection}/${can('POST /v1/connections/{id}/repaired') ? 'repaired' : 'sync'}`); else await exchange(publicToken, metadata, adopt);
      expectNews(90);
      announce('connections');
      leave();
    } catch (error) {
      if (error.code === 'connection.duplicate') duplicate(error, publicToken, metadata); else fail(error);
    }
  };
  const duplicate = (error, publicToken, metadata) => {
    const known = error.detail?.match(/con_[0-9a-z]+/)?.[0];
    const bank = metadata?.institution?.name ?? t('the_bank');
    render(card, html`<h2>${t('link.duplicate_title', { bank })}</h2><p>${t('link.duplicate_words', { bank })}</p>
      <div class="actions"><button class="btn" type="button" data-adopt>${t('link.adopt')}</button>
      <a class="btn primary" href="/link?${new URLSearchParams({ back, ...(known ? { connection: known } : {}) })}">${t('link.use_old')}</a></div>`);
    find('[data-adopt]', card).addEventListener('click', () => done(publicToken, metadata, true));
  };
  try {
    const token = before?.token ?? (await post('/v1/plaid/link-token', connection ? { connection } : {})).link_token;
    kept.set({ token, connection, back });
    const Plaid = await library();
    const handler = Plaid.create({
      token,
      ...(isReturn ? { receivedRedirectUri: location.href } : {}),
      onSuccess: (publicToken, metadata) => done(publicToken, metadata),
      onExit: (error, metadata) => {
        report('EXIT', metadata, { error, connection });
        if (error) fail({ code: `link.${error.error_code}`, detail: error.display_message ?? error.error_message, status: 400 }); else leave();
      },
      onEvent: (name, metadata) => report(name, metadata, { connection }),
    });
    render(card, html`<p class="muted">${t('link.in_window')}</p><div class="actions"><button class="btn" type="button" data-leave>${t('cancel')}</button></div>`);
    find('[data-leave]', card).addEventListener('click', () => { handler.destroy?.(); leave(); });
    handler.open();
    return () => handler.destroy?.();
  } catch (error) { fail(error); }
  return null;
}

