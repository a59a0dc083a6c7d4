// How do one's data get out, and how does one leave? What cannot be taken back stands last.

import { remove, download } from '../api.js';
import { html, render, on, icon } from '../dom.js';
import { connections, isAtLeast, members } from '../data.js';
import { addDays, todayDay } from '../format.js';
import { announce, onChange } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { confirm } from '../ui/dialog.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  let banks = [];
  const paint = async () => {
    banks = await connections();
    const own = banks.filter(each => each.state !== 'removing');
    const others = (get('members') ?? []).length > 1;
    render(root, html`
      <section class="card" aria-labelledby="out-h"><h2 id="out-h">${t('data.export')}</h2><p class="s muted">${t('data.export_words')}</p>
        <form class="stack tight" id="export"><div class="pair"><div class="field"><label for="export-from">${t('filter.from')} <span class="faint">${t('optional')}</span></label><input class="input" type="date" id="export-from" name="from"></div><div class="field"><label for="export-to">${t('filter.to')} <span class="faint">${t('optional')}</span></label><input class="input" type="date" id="export-to" name="to" max="${addDays(todayDay(), 366)}"></div></div>
        <div class="chips"><button class="btn primary" type="submit">${icon('dl')}${t('data.export_verb')}</button></div></form>
        <p class="xs muted">${t('data.export_more')} <a href="/docs">${t('profile.api')}</a></p></section>
      ${isAtLeast('member') ? html`<section class="card danger-zone" aria-labelledby="danger-h"><h2 id="danger-h">${t('data.danger')}</h2>
        <ul class="rows">
          ${own.length ? html`<li class="wrapping"><div class="grow"><div class="name">${t('data.disconnect')}</div><p class="s muted">${t('data.disconnect_words', { count: own.length })}</p></div><button class="btn danger" type="button" data-disconnect-all>${t('data.disconnect_verb')}</button></li>` : ''}
          <li class="wrapping"><div class="grow"><div class="name">${t('data.leave')}</div><p class="s muted">${t(others ? 'data.leave_words' : 'data.leave_last_words')}</p></div><button class="btn danger" type="button" data-leave>${t('members.leave')}</button></li>
        </ul></section>` : ''}`);
  };
  const safely = async act => { try { await act(); } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); await paint(); } };
  const ends = [
    on(root, 'submit', '#export', async (event, form) => {
      event.preventDefault();
      const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      const button = form.querySelector('[type=submit]');
      button.setAttribute('aria-busy', 'true');
      await safely(() => download(`/v1/transactions.csv?${query}`, `magpie-transactions-${todayDay()}.csv`));
      button.removeAttribute('aria-busy');
    }),
    on(root, 'click', '[data-disconnect-all]', () => safely(async () => {
      const names = banks.map(each => each.institution.name ?? t('the_bank'));
      if (!await confirm({ title: t('data.disconnect_title', { count: banks.length }), words: t('data.disconnect_sure', { names: new Intl.ListFormat(t('lang')).format(names) }), verb: t('data.disconnect_verb') })) return;
      for (const each of banks) await remove(`/v1/connections/${each.id}`);
      toast(t('data.disconnected'));
      announce('connections');
      await paint();
    })),
    on(root, 'click', '[data-leave]', () => safely(async () => {
      const { name } = get('household');
      if (!await confirm({ title: t('members.leave_title'), words: t('members.remove_words'), verb: t('members.leave'), word: name })) return;
      await remove(`/v1/members/${get('me').id}`);
      location.assign('/');
    })),
    onChange(change => { if (['connections', 'members', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
  ];
  if (!get('members')) await members();
  await paint();
  return () => { for (const end of ends) end(); };
}
