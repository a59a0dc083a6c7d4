// How does one begin? The owner's name and password; the bank comes after.

import { post, start } from '../api.js';
import { html, render, find, icon } from '../dom.js';
import { t } from '../texts.js';
import { frame } from '../ui/outside.js';
import { field, runForm } from '../ui/form.js';

export default function mount(root, { go }) {
  document.title = `${t('welcome.title')} · Magpie`;
  // Behind the #, so that it is in no log of a server or proxy.
  const given = location.hash.slice(1);
  if (!start.setup_needed) { go('/sign-in', { replace: true }); return null; }
  if (given) history.replaceState(history.state, '', '/welcome');
  render(root, frame(html`
    <div><h1>${t('welcome.title')}</h1><p class="muted">${t('welcome.words')}</p></div>
    <form class="stack" id="set-up">
      <div data-problem></div>
      ${given ? html`<input type="hidden" name="secret" value="${given}">`
        : field({ id: 'secret', label: t('welcome.secret'), hint: html`${t('welcome.secret_hint')} <code>magpie setup-link</code>` })}
      ${field({ id: 'name', label: t('name'), autocomplete: 'name' })}
      ${field({ id: 'email', label: t('email'), type: 'email', autocomplete: 'username', hint: t('welcome.email_hint') })}
      ${field({ id: 'password', label: t('password'), type: 'password', autocomplete: 'new-password', hint: t('welcome.password_hint') })}
      <button class="btn primary wide" type="submit">${t('welcome.verb')}</button>
    </form>
    <div class="banner info">${icon(start.simulated ? 'spark' : 'bank')}<div><strong>${t(start.simulated ? 'welcome.simulated' : 'welcome.real')}</strong> ${t(start.simulated ? 'welcome.simulated_words' : 'welcome.real_words')}</div></div>`));
  find(given ? '#name' : '#secret', root).focus();
  runForm(find('#set-up', root), async ({ secret, name, email, password }) => {
    await post('/v1/setup', { secret: secret.trim().split('#').pop(), name, email, password }, { secret: true });
    await post('/v1/auth/browser', { email, password }, { secret: true });
    location.assign('/');
  });
  return null;
}
