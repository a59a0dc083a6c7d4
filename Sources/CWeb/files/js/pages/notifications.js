// What should we know? What the server tells this person, the newest first, with what to do.

import { get as ask, post } from '../api.js';
import { html, render, on, icon } from '../dom.js';
import { connections } from '../data.js';
import { ageHTML } from '../format.js';
import { connectBank } from '../link.js';
import { announce, onChange } from '../live.js';
import { t, refusalText } from '../texts.js';
import { empty } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const needsSignIn = ['connection.sign_in_needed', 'connection.expiring', 'connection.revoked', 'connection.account_revoked', 'connection.new_accounts'];

export default async function mount(root) {
  let isAll = false;
  const paint = async () => {
    const [{ data }] = await Promise.all([ask(`/v1/notifications?limit=100${isAll ? '' : '&unread=true'}`), connections()]);
    render(root, html`<div class="head"><div><h1>${t('place.notifications')}</h1><p class="s muted">${t('notifications.words')}</p></div>
      <fieldset class="seg"><legend class="vh">${t('notifications.which')}</legend>${['new', 'all'].map(each => html`<label><input type="radio" name="which" value="${each}" ${(each === 'all') === isAll ? html`checked` : ''}>${t(`notifications.${each}`)}</label>`)}</fieldset></div>
      <section class="card" aria-label="${t('place.notifications')}">${data.length ? html`<ul class="rows">${data.map(row)}</ul>` : empty({ drawing: 'bell', title: t(isAll ? 'notifications.none' : 'notifications.none_new'), action: html`<a class="btn" href="/settings/notifications">${t('notifications.choose')}</a>` })}</section>`);
  };
  const mark = async (id, word) => {
    try { await post(`/v1/notifications/${id}/${word}`); announce('notifications'); await paint(); } catch (error) { toast(refusalText(error), { bad: true }); }
  };
  const ends = [
    on(root, 'change', '[name=which]', (event, input) => { isAll = input.value === 'all'; paint(); }),
    on(root, 'click', '[data-read]', (event, button) => mark(button.dataset.read, 'read')),
    on(root, 'click', '[data-dismiss]', (event, button) => mark(button.dataset.dismiss, 'dismiss')),
    on(root, 'click', '[data-repair]', (event, button) => connectBank({ repair: button.dataset.repair, name: button.dataset.name })),
    onChange(change => { if (['notifications', 'connections', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
  ];
  await paint();
  return () => { for (const end of ends) end(); };
}

const isOfMoney = kind => /^(charge|payment|income|balance|feed)\.|^budget\.overspent$/.test(kind);

/** What is told, in the person's language where we have words for it. The server's name payees and amounts, in English. */
function row(each) {
  const key = `notice.${each.kind}`;
  const isOurs = t.has(key) && !(t('lang') === 'en' && isOfMoney(each.kind));
  const values = { bank: each.institution ?? t('the_bank') };
  const isOver = each.settled_at || each.read_at;
  return html`<li class="wrapping ${isOver ? 'is-over' : ''}">${icon(needsSignIn.includes(each.kind) ? 'alert' : 'bell')}
    <div class="grow"><div class="name">${isOurs ? t(key, values) : each.title}</div><p class="xs muted">${ageHTML(each.made_at)}${each.settled_at ? ` · ${t('notifications.settled')}` : each.advice && t('lang') === 'en' ? ` · ${each.advice}` : ''}</p></div>
    <div class="chips">${!isOver && needsSignIn.includes(each.kind) && each.connection ? html`<button class="btn primary" type="button" data-repair="${each.connection}" data-name="${values.bank}">${t('sign_in_again')}</button>` : ''}
    ${each.read_at ? '' : html`<button class="btn" type="button" data-read="${each.id}">${t('notifications.read')}</button>`}
    <button class="btn plain" type="button" data-dismiss="${each.id}" aria-label="${t('notifications.dismiss')}">${icon('x')}</button></div></li>`;
}
