// Which password from now on? With the secret that the operator gave or a mail brought; without one, a mail is asked for.

import { post, start } from '../api.js';
import { html, render, find } from '../dom.js';
import { t } from '../texts.js';
import { frame } from '../ui/outside.js';
import { field, runForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';

function askForMail(root) {
  render(root, frame(html`<div><h1>${t('reset.title')}</h1><p class="muted">${t('reset.mail_words')}</p></div>
    <form class="stack" id="ask"><div data-problem></div>
      ${field({ id: 'email', label: t('email'), type: 'email', autocomplete: 'username' })}
      <button class="btn primary wide" type="submit">${t('reset.mail_verb')}</button></form>
    <p class="s muted"><a href="/reset?secret">${t('reset.have_secret')}</a></p>`));
  find('#email', root).focus();
  runForm(find('#ask', root), async ({ email }) => {
    await post('/v1/auth/reset', { email }, { secret: true });
    render(root, frame(html`<div role="status"><h1>${t('reset.mailed')}</h1><p class="muted">${t('reset.mailed_words')}</p></div>
      <a class="btn wide" href="/sign-in">${t('signin.verb')}</a>`));
  });
  return null;
}

export default function mount(root, { go, query }) {
  document.title = `${t('reset.title')} · Magpie`;
  const given = location.hash.slice(1);
  if (!given && start.mail && !query.has('secret')) return askForMail(root);
  if (given) history.replaceState(history.state, '', '/reset');
  render(root, frame(html`<div><h1>${t('reset.title')}</h1><p class="muted">${t('reset.words')}</p></div>
    <form class="stack" id="reset"><div data-problem></div>
      ${given ? html`<input type="hidden" name="secret" value="${given}">` : field({ id: 'secret', label: t('reset.secret') })}
      ${field({ id: 'password', label: t('reset.password'), type: 'password', autocomplete: 'new-password', hint: t('welcome.password_hint') })}
      <button class="btn primary wide" type="submit">${t('reset.verb')}</button></form>`));
  find(given ? '#password' : '#secret', root).focus();
  runForm(find('#reset', root), async ({ secret, password }) => {
    await post('/v1/auth/password-reset', { secret: secret.trim(), password }, { secret: true });
    go('/sign-in', { replace: true });
    toast(t('reset.done'));
  });
  return null;
}
