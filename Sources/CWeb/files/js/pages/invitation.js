// Do you want to join this household? For somebody new, and for somebody who is known already.

import { post, isSignedIn } from '../api.js';
import { html, render, find } from '../dom.js';
import { t } from '../texts.js';
import { frame } from '../ui/outside.js';
import { field, runForm } from '../ui/form.js';

export default function mount(root) {
  document.title = `${t('invitation.title')} · Magpie`;
  const given = location.hash.slice(1);
  const secret = given ? html`<input type="hidden" name="invitation" value="${given}">` : field({ id: 'invitation', label: t('invitation.secret') });
  render(root, frame(html`<div><h1>${t('invitation.title')}</h1><p class="muted">${t(isSignedIn() ? 'invitation.known' : 'invitation.new')}</p></div>
    <form class="stack" id="join"><div data-problem></div>${secret}
      ${isSignedIn() ? '' : html`${field({ id: 'name', label: t('name'), autocomplete: 'name' })}
        ${field({ id: 'email', label: t('email'), type: 'email', autocomplete: 'username' })}
        ${field({ id: 'password', label: t('password'), type: 'password', autocomplete: 'new-password', hint: t('welcome.password_hint') })}`}
      <button class="btn primary wide" type="submit">${t('invitation.verb')}</button></form>
    ${isSignedIn() ? '' : html`<p class="s muted">${t('invitation.have_account')} <a href="/sign-in?to=/invitation">${t('signin.verb')}</a></p>`}`));
  runForm(find('#join', root), async ({ invitation, name, email, password }) => {
    if (isSignedIn()) {
      await post('/v1/invitations/accept', { secret: invitation.trim() }, { secret: true });
    } else {
      await post('/v1/auth/register', { invitation: invitation.trim(), name, email, password }, { secret: true });
      await post('/v1/auth/browser', { email, password }, { secret: true });
    }
    location.assign('/');
  });
  return null;
}
