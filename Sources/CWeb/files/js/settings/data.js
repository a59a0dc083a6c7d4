// How do one's data get out, and how does one leave? What cannot be taken back stands last.

import { can, get as ask, getAll, remove, download } from '../api.js';
import { html, render, on, icon } from '../dom.js';
import { accounts, connections, isAtLeast, members } from '../data.js';
import { addDays, todayDay } from '../format.js';
import { announce, onChange } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { confirm } from '../ui/dialog.js';
import { canErase, erase, erasureText } from '../ui/erasing.js';
import { bankName } from '../ui/health.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  let banks = [];
  let ended = [];
  const paint = async () => {
    const [list, every, erasures] = await Promise.all([accounts(), getAll('/v1/connections'), can('GET /v1/erasures') ? ask('/v1/erasures?limit=20') : { data: [] }, connections()]);
    banks = get('connections');
    // What a bank that was disconnected left behind.
    ended = every.filter(each => each.state === 'removed' && list.some(account => account.connection === each.id));
    const going = erasures.data.filter(each => each.state !== 'done');
    const isInvented = every.some(each => each.simulated && (each.state !== 'removed' || ended.includes(each)));
    const own = banks.filter(each => each.state !== 'removing');
    const others = (get('members') ?? []).length > 1;
    const danger = (name, words, button) => html`<li class="wrapping"><div class="grow"><div class="name">${name}</div><p class="s muted">${words}</p></div>${button}</li>`;
    render(root, html`
      <section class="card" aria-labelledby="out-h"><h2 id="out-h">${t('data.export')}</h2><p class="s muted">${t('data.export_words')}</p>
        <form class="stack tight" id="export"><div class="pair"><div class="field"><label for="export-from">${t('filter.from')} <span class="faint">${t('optional')}</span></label><input class="input" type="date" id="export-from" name="from"></div><div class="field"><label for="export-to">${t('filter.to')} <span class="faint">${t('optional')}</span></label><input class="input" type="date" id="export-to" name="to" max="${addDays(todayDay(), 366)}"></div></div>
        <div class="chips"><button class="btn primary" type="submit">${icon('dl')}${t('data.export_verb')}</button></div></form>
        ${can('GET /v1/journal') ? html`<div class="stack tight"><p class="s muted">${t('data.journal_words')}</p><div class="chips"><button class="btn" type="button" data-journal="hledger">hledger</button><button class="btn" type="button" data-journal="beancount">beancount</button></div></div>` : ''}
        <p class="xs muted">${t('data.export_more')} <a href="/docs">${t('profile.api')}</a></p></section>
      ${going.length ? html`<section class="card" aria-labelledby="going-h"><h2 id="going-h">${t('erase.going')}</h2><ul class="rows">${going.map(each => html`<li class="s">${icon('sync', 'spin')} ${erasureText(each)}</li>`)}</ul></section>` : ''}
      ${isAtLeast('member') ? html`<section class="card danger-zone" aria-labelledby="danger-h"><h2 id="danger-h">${t('data.danger')}</h2>
        <ul class="rows">
          ${own.length ? html`<li class="wrapping"><div class="grow"><div class="name">${t('data.disconnect')}</div><p class="s muted">${t('data.disconnect_words', { count: own.length })}</p></div><button class="btn danger" type="button" data-disconnect-all>${t('data.disconnect_verb')}</button></li>` : ''}
          ${isInvented && canErase('simulated') && isAtLeast('admin') ? danger(t('erase.simulated'), t('erase.simulated_words'), html`<button class="btn danger" type="button" data-erase-simulated>${t('erase.simulated_verb')}</button>`) : ''}
          ${canErase('connections/{id}') ? ended.map(each => danger(t('erase.connection', { bank: bankName(each) }), t('erase.connection_words', { count: list.filter(account => account.connection === each.id).length }), html`<button class="btn danger" type="button" data-erase-connection="${each.id}">${t('erase.verb')}</button>`)) : ''}
          <li class="wrapping"><div class="grow"><div class="name">${t('data.leave')}</div><p class="s muted">${t(others ? 'data.leave_words' : 'data.leave_last_words')}</p></div>${others ? html`<button class="btn danger" type="button" data-leave>${t('members.leave')}</button>` : ''}</li>
          ${canErase('me') ? danger(t('erase.me'), t('erase.me_words'), html`<button class="btn danger" type="button" data-erase-me>${t('erase.me_verb')}</button>`) : ''}
          ${canErase('household') && isAtLeast('owner') ? danger(t('erase.household', { name: get('household').name }), t('erase.household_words'), html`<button class="btn danger" type="button" data-erase-household>${t('erase.household_verb')}</button>`) : ''}
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
    on(root, 'click', '[data-journal]', async (event, button) => {
      const form = new FormData(root.querySelector('#export'));
      const query = new URLSearchParams([['format', button.dataset.journal], ...[...form].filter(([, value]) => value)]);
      button.setAttribute('aria-busy', 'true');
      await safely(() => download(`/v1/journal?${query}`, `magpie-${todayDay()}.${button.dataset.journal === 'hledger' ? 'journal' : 'beancount'}`));
      button.removeAttribute('aria-busy');
    }),
    on(root, 'click', '[data-erase-simulated]', async () => { if (await erase('/v1/simulated/erase', { title: t('erase.simulated_title'), words: t('erase.simulated_sure'), verb: t('erase.simulated_verb') })) await paint(); }),
    on(root, 'click', '[data-erase-connection]', async (event, button) => {
      const bank = bankName(ended.find(each => each.id === button.dataset.eraseConnection));
      if (await erase(`/v1/connections/${button.dataset.eraseConnection}/erase`, { title: t('erase.connection_title', { bank }), words: t('erase.sure') })) await paint();
    }),
    on(root, 'click', '[data-erase-household]', async () => {
      const { name } = get('household');
      await erase('/v1/household/erase', { title: t('erase.household_title', { name }), words: t('erase.household_sure'), verb: t('erase.household_verb'), word: name, body: { name }, told: () => location.assign('/') });
    }),
    on(root, 'click', '[data-erase-me]', async () => {
      const { email } = get('me');
      await erase('/v1/me/erase', { title: t('erase.me_title'), words: t('erase.me_sure'), verb: t('erase.me_verb'), word: email, body: { email }, told: () => location.assign('/sign-in') });
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
