// Proves again who one is, for what cannot be undone: the password, and the code where there is a second factor.

import { change } from '../api.js';
import { html, find, render } from '../dom.js';
import { get } from '../store.js';
import { t } from '../texts.js';
import { openDialog } from './dialog.js';
import { field, runForm } from './form.js';

/** True when it was proved, false when the person thought better of it. */
export function askForProof() {
  return new Promise(done => {
    const box = openDialog({ title: t('proof.title'), onClose: value => done(value === true) });
    render(box.root, html`
      <form class="stack" id="proof">
        <p class="s muted">${t('proof.words')}</p>
        <div data-problem></div>
        <input class="vh" type="email" name="email" autocomplete="username" value="${get('me')?.email ?? ''}" tabindex="-1" aria-hidden="true">
        ${field({ id: 'password', label: t('password'), type: 'password', autocomplete: 'current-password' })}
        ${get('me')?.second_factor ? field({ id: 'totp', label: t('code'), autocomplete: 'one-time-code', mode: 'numeric', hint: t('code_hint') }) : ''}
        <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('proof.verb')}</button></div>
      </form>`);
    find('#password', box.root).focus();
    runForm(find('#proof', box.root), async ({ password, totp }) => {
      await change('POST', '/v1/auth/confirm', { password, ...(totp ? { totp: totp.replaceAll(' ', '') } : {}) }, { secret: true });
      box.close(true);
    });
  });
}
