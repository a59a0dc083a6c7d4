// Which tag? One that is there, or a new one.

import { html, render, find } from '../dom.js';
import { tagNamed } from '../filing.js';
import { get } from '../store.js';
import { t } from '../texts.js';
import { openDialog } from './dialog.js';
import { field, runForm } from './form.js';

export function askForTag() {
  return new Promise(done => {
    const box = openDialog({ title: t('tag.add_title'), onClose: value => done(value ?? null) });
    render(box.root, html`<form class="stack"><div data-problem></div>${field({ id: 'tag-name', label: t('tag') })}
      <div class="chips">${(get('tags') ?? []).slice(0, 20).map(each => html`<button class="chip" type="button" data-tag="${each.name}">#${each.name}</button>`)}</div>
      <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('tag.add')}</button></div></form>`);
    const form = find('form', box.root);
    form.addEventListener('click', event => {
      const chip = event.target.closest('[data-tag]');
      if (chip) { find('#tag-name', form).value = chip.dataset.tag; form.requestSubmit(); }
    });
    runForm(form, async typed => box.close(await tagNamed(typed['tag-name'].trim().replace(/^#/, ''))));
    find('#tag-name', form).focus();
  });
}
