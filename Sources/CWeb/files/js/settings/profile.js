// Name, language and looks.

import { patch } from '../api.js';
import { html, render, find, on } from '../dom.js';
import { get, set, choice } from '../store.js';
import { t, languages, languageCode } from '../texts.js';
import { setTheme } from '../shell.js';
import { field, runForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';
import { start } from '../api.js';

export default function mount(root) {
  const me = get('me');
  render(root, html`<section class="card" aria-labelledby="me-h"><h2 id="me-h">${t('settings.profile')}</h2>
    <form class="stack" id="profile"><div data-problem></div>${field({ id: 'name', label: t('name'), value: me.name, autocomplete: 'name' })}
      <div class="field"><label for="email-shown">${t('email')}</label><input class="input" id="email-shown" value="${me.email ?? ''}" readonly></div>
      <div class="field"><label for="language">${t('profile.language')}</label><select class="input" id="language" name="language">${Object.entries(languages).map(([code, name]) => html`<option value="${code}" ${code === languageCode() ? html`selected` : ''}>${name}</option>`)}</select></div>
      <div class="actions"><button class="btn primary" type="submit">${t('save')}</button></div></form></section>
    <section class="card" aria-labelledby="looks-h"><h2 id="looks-h">${t('profile.looks')}</h2>
      <fieldset class="stack tight"><legend class="label">${t('profile.theme')}</legend><div class="seg">${['system', 'light', 'dark'].map(each => html`<label><input type="radio" name="theme" value="${each}" ${(choice.get('theme') ?? 'system') === each ? html`checked` : ''}>${t(`theme.${each}`)}</label>`)}</div></fieldset>
      <label class="line-choice"><input class="check" type="checkbox" id="letters" ${choice.get('letters') === 'off' ? '' : html`checked`}><span>${t('profile.letters')}<span class="hint">${t('profile.letters_hint')}</span></span></label></section>
    <p class="xs muted">Magpie ${start.version} · <a href="/docs">${t('profile.api')}</a></p>`);
  runForm(find('#profile', root), async ({ name, language }) => {
    const changed = await patch('/v1/me', { name, locale: language });
    set('me', changed);
    if (language !== languageCode()) { choice.set('language', language); location.reload(); return; }
    toast(t('saved'));
  });
  const ends = [
    on(root, 'change', '[name=theme]', (event, input) => setTheme(input.value === 'system' ? null : input.value)),
    on(root, 'change', '#letters', (event, input) => choice.set('letters', input.checked ? null : 'off')),
  ];
  return () => { for (const end of ends) end(); };
}
