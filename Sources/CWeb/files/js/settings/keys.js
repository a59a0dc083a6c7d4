// Which programs may ask in one's name?

import { get as ask, post, remove } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { ageHTML, dayText } from '../format.js';
import { t, refusalText } from '../texts.js';
import { openDialog, confirm } from '../ui/dialog.js';
import { empty } from '../ui/states.js';
import { field, runForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';

const scopes = ['read', 'write', 'sync', 'admin'];

export default async function mount(root) {
  const paint = async () => {
    const list = (await ask('/v1/api-keys')).data;
    render(root, html`<section class="card" aria-labelledby="keys-h"><header><h2 id="keys-h">${t('settings.keys')}</h2><button class="btn primary" type="button" data-new-key>${icon('plus')}${t('keys_api.new')}</button></header>
      <p class="s muted">${t('keys_api.words')} <a href="/docs">${t('profile.api')}</a></p>
      ${list.length ? html`<ul class="rows">${list.map(each => html`<li><div class="grow"><div class="name clip">${each.name}</div><div class="xs muted"><code>${each.hint}…</code> · ${each.scopes.map(scope => t(`scope.${scope}`)).join(', ')} · ${each.used_at ? html`${t('keys_api.used')} ${ageHTML(each.used_at)}` : t('keys_api.unused')}${each.expires_at ? ` · ${t('invited.until', { day: dayText(each.expires_at.slice(0, 10)) })}` : ''}</div></div><button class="btn" type="button" data-revoke="${each.id}" data-name="${each.name}">${t('revoke')}</button></li>`)}</ul>` : empty({ drawing: 'key', title: t('keys_api.none') })}</section>`);
  };
  const ends = [
    on(root, 'click', '[data-new-key]', () => make(paint)),
    on(root, 'click', '[data-revoke]', async (event, button) => {
      if (!await confirm({ title: t('keys_api.revoke_title', { name: button.dataset.name }), words: t('keys_api.revoke_words'), verb: t('revoke') })) return;
      try { await remove(`/v1/api-keys/${button.dataset.revoke}`); toast(t('keys_api.revoked')); await paint(); } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); }
    }),
  ];
  await paint();
  return () => { for (const end of ends) end(); };
}

function make(done) {
  const box = openDialog({ title: t('keys_api.new') });
  render(box.root, html`<form class="stack" id="new-key"><div data-problem></div>${field({ id: 'name', label: t('keys_api.name'), hint: t('keys_api.name_hint') })}
    <fieldset class="stack tight"><legend class="label">${t('keys_api.may')}</legend>${scopes.map(each => html`<label class="opt small"><input class="check" type="checkbox" name="scopes" value="${each}" ${each === 'read' ? html`checked` : ''}><span class="grow"><span class="name">${t(`scope.${each}`)}</span><span class="xs muted">${t(`scope.${each}.words`)}</span></span></label>`)}</fieldset>
    <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('keys_api.make')}</button></div></form>`);
  const form = find('#new-key', box.root);
  find('#name', form).focus();
  runForm(form, async ({ name }) => {
    const chosen = new FormData(form).getAll('scopes');
    const made = await post('/v1/api-keys', { name, scopes: chosen.length ? chosen : ['read'] });
    box.title(t('keys_api.made'));
    render(box.root, html`<p class="s">${t('keys_api.made_words')}</p><div class="field"><label for="key-text">${t('keys_api.key')}</label><input class="input mono-text" id="key-text" readonly value="${made.key}"></div>
      <div class="actions"><button class="btn" type="button" data-copy>${t('copy')}</button><button class="btn primary" type="button" data-close>${t('done')}</button></div>`);
    find('#key-text', box.root).select();
    find('[data-copy]', box.root).addEventListener('click', async () => { await navigator.clipboard?.writeText(made.key); toast(t('copied')); });
    done();
  });
}
