// Who are you?

import { post, start } from '../api.js';
import { html, render, find, icon } from '../dom.js';
import { t } from '../texts.js';
import { frame } from '../ui/outside.js';
import { field, runForm, mark } from '../ui/form.js';

/** Only a path of our own: a link from elsewhere must not lead away after signing in. */
const inside = path => path && /^\/(?![/\\])/.test(path) && !path.startsWith('/sign-in') ? path : '/';

export default function mount(root, { query }) {
  document.title = `${t('signin.title')} · Magpie`;
  render(root, frame(html`
    <div><h1>${t('signin.title')}</h1><p class="muted">${t('signin.words')}</p></div>
    <form class="stack" id="sign-in">
      <div data-problem></div>
      ${field({ id: 'email', label: t('email'), type: 'email', autocomplete: 'username' })}
      ${field({ id: 'password', label: t('password'), type: 'password', autocomplete: 'current-password' })}
      <div id="second" hidden>${field({ id: 'totp', label: t('code'), autocomplete: 'one-time-code', mode: 'text', required: false, hint: t('code_hint') })}</div>
      <button class="btn primary wide" type="submit">${t('signin.verb')}</button>
    </form>
    <details class="data"><summary>${t('signin.forgotten')}</summary><p class="s muted">${start.mail ? html`<a href="/reset">${t('signin.forgotten_mail')}</a>` : t('signin.forgotten_words')}</p></details>
    ${start.simulated ? html`<div class="banner info">${icon('spark')}<div>${t('signin.simulated')}</div></div>` : ''}`));
  const form = find('#sign-in', root);
  find('#email', root).focus();
  runForm(form, async ({ email, password, totp }) => {
    try {
      await post('/v1/auth/browser', { email, password, ...(totp ? { totp: totp.replaceAll(' ', '') } : {}) }, { secret: true });
    } catch (error) {
      if (error.code !== 'auth.second_factor_needed') throw error;
      const second = find('#second', root);
      second.hidden = false;
      const code = find('#totp', root);
      code.required = true;
      code.focus();
      mark(form, 'totp', '');
      return;
    }
    location.assign(inside(query.get('to')));
  });
  return null;
}
