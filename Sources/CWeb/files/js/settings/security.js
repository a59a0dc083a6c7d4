// Password, second factor, and where one is signed in.

import { get as ask, post, remove } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { ageHTML } from '../format.js';
import { set } from '../store.js';
import { t, refusalText } from '../texts.js';
import { openDialog, confirm } from '../ui/dialog.js';
import { field, runForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  const paint = async () => {
    const [me, sessions] = await Promise.all([ask('/v1/me'), ask('/v1/sessions')]);
    set('me', me);
    render(root, html`
      <section class="card" aria-labelledby="factor-h"><header><h2 id="factor-h">${t('factor.title')}</h2><span class="badge ${me.second_factor ? 'ok' : 'warn'}">${icon(me.second_factor ? 'check' : 'alert')}${t(me.second_factor ? 'factor.on' : 'factor.off')}</span></header>
        <p class="s muted">${t('factor.words')}</p>
        ${me.second_factor ? html`<p class="s">${t('factor.codes_left', { count: me.recovery_codes_left })}</p><div class="chips"><button class="btn" type="button" data-codes>${t('factor.new_codes')}</button><button class="btn danger" type="button" data-factor-off>${t('factor.take_away')}</button></div>`
          : html`<div class="chips"><button class="btn primary" type="button" data-factor-on>${t('factor.set_up')}</button></div>`}</section>
      <section class="card" aria-labelledby="password-h"><h2 id="password-h">${t('password.title')}</h2>
        <form class="stack" id="password-form"><div data-problem></div><input class="vh" type="email" name="email" autocomplete="username" value="${me.email ?? ''}" tabindex="-1" aria-hidden="true">
          ${field({ id: 'current_password', label: t('password.current'), type: 'password', autocomplete: 'current-password' })}
          ${field({ id: 'new_password', label: t('password.new'), type: 'password', autocomplete: 'new-password', hint: t('welcome.password_hint') })}
          <div class="actions"><button class="btn primary" type="submit">${t('password.verb')}</button></div></form></section>
      <section class="card" aria-labelledby="sessions-h"><header><h2 id="sessions-h">${t('sessions.title')}</h2><button class="btn quiet" type="button" data-out-all>${t('sessions.all')}</button></header>
        <ul class="rows">${sessions.data.map(each => html`<li><div class="grow"><div class="name clip">${client(each.client) ?? t('sessions.unknown')} ${each.current ? html`<span class="badge ok">${t('sessions.here')}</span>` : ''}</div><div class="xs muted">${each.peer ?? ''} · ${t('sessions.seen')} ${ageHTML(each.seen_at)}</div></div>${each.current ? '' : html`<button class="btn" type="button" data-end="${each.id}">${t('sessions.end')}</button>`}</li>`)}</ul></section>`);
    runForm(find('#password-form', root), async ({ current_password: current, new_password: wanted }, form) => {
      await post('/v1/me/password', { current_password: current, new_password: wanted });
      form.reset();
      toast(t('password.done'));
    });
  };
  const safely = async act => {
    try { await act(); } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); }
  };
  const ends = [
    on(root, 'click', '[data-end]', (event, button) => safely(async () => { await remove(`/v1/sessions/${button.dataset.end}`); toast(t('sessions.ended')); await paint(); })),
    on(root, 'click', '[data-out-all]', () => safely(async () => { if (await confirm({ title: t('sessions.all_title'), words: t('sessions.all_words'), verb: t('sessions.all') })) { await remove('/v1/sessions'); location.assign('/sign-in'); } })),
    on(root, 'click', '[data-factor-on]', () => safely(async () => { if (await setUp()) await paint(); })),
    on(root, 'click', '[data-codes]', () => safely(async () => { showCodes((await post('/v1/me/recovery-codes')).recovery_codes); await paint(); })),
    on(root, 'click', '[data-factor-off]', () => safely(async () => { if (await confirm({ title: t('factor.take_away_title'), words: t('factor.take_away_words'), verb: t('factor.take_away') })) { await remove('/v1/me/second-factor'); toast(t('factor.gone')); await paint(); } })),
  ];
  await paint();
  return () => { for (const end of ends) end(); };
}

/** A browser's long name, as people call it. */
function client(text) {
  if (!text) return null;
  const browser = [['Edg/', 'Edge'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari'], ['curl/', 'curl']].find(([word]) => text.includes(word))?.[1];
  const system = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'macOS'], ['Linux', 'Linux']].find(([word]) => text.includes(word))?.[1];
  return browser ? [browser, system].filter(Boolean).join(', ') : text.slice(0, 60);
}

function setUp() {
  return new Promise(async (done, failed) => {
    let made;
    try { made = await post('/v1/me/second-factor'); } catch (error) { failed(error); return; }
    const box = openDialog({ title: t('factor.set_up'), onClose: value => done(value === true) });
    render(box.root, html`<ol class="stack numbered"><li><p class="s">${t('factor.step1')}</p><div class="field"><label for="factor-secret">${t('factor.secret')}</label><input class="input mono-text" id="factor-secret" readonly value="${made.secret.match(/.{1,4}/g).join(' ')}"></div>
      <p class="s"><a href="${made.address}">${t('factor.open_app')}</a></p></li>
      <li><form class="stack" id="factor"><div data-problem></div>${field({ id: 'totp', label: t('factor.step2'), autocomplete: 'one-time-code', mode: 'numeric', more: 'code-in' })}
      <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('factor.confirm')}</button></div></form></li></ol>`);
    find('#totp', box.root).focus();
    runForm(find('#factor', box.root), async ({ totp }) => {
      const { recovery_codes: codes } = await post('/v1/me/second-factor/confirm', { totp: totp.replaceAll(' ', '') });
      box.close(true);
      showCodes(codes);
    });
  });
}

function showCodes(codes) {
  const box = openDialog({ title: t('factor.codes') });
  render(box.root, html`<p class="s">${t('factor.codes_words')}</p><ul class="codes">${codes.map(each => html`<li><code>${each}</code></li>`)}</ul>
    <div class="actions"><button class="btn" type="button" data-copy>${t('copy')}</button><button class="btn primary" type="button" data-close>${t('factor.kept')}</button></div>`);
  find('[data-copy]', box.root).addEventListener('click', async () => { await navigator.clipboard?.writeText(codes.join('\n')); toast(t('copied')); });
}

