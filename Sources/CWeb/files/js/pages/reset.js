// Which password from now on? With the secret that the operator gave.

import { post } from '../api.js';
import { html, render, find } from '../dom.js';
import { t } from '../texts.js';
import { frame } from '../ui/outside.js';
import { field, runForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';

export default function mount(root, { go }) {
  document.title = `${t('reset.title')} · Magpie`;
  const given = location.hash.slice(1);
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
