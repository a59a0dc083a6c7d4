// Who belongs to the household, as what, and who is invited.

import { get as ask, post, patch, remove, start } from '../api.js';
import { html, render, find, on, icon, initials } from '../dom.js';
import { isAtLeast, role } from '../data.js';
import { dayText, number, weekdays } from '../format.js';
import { onChange } from '../live.js';
import { get, set, choice } from '../store.js';
import { t, refusalText } from '../texts.js';
import { openDialog, confirm } from '../ui/dialog.js';
import { field, runForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';

const select = (id, label, options, chosen) => html`<div class="field"><label for="${id}">${label}</label><select class="input" id="${id}" name="${id}">${options.map(([value, text]) => html`<option value="${value}" ${value === chosen ? html`selected` : ''}>${text}</option>`)}</select></div>`;
const roles = ['viewer', 'member', 'admin', 'owner'];

export default async function mount(root) {
  const paint = async () => {
    const [members, invited] = await Promise.all([ask('/v1/members'), isAtLeast('admin') ? ask('/v1/invitations') : { data: [] }]);
    const household = get('household');
    const me = get('me');
    render(root, html`
      <section class="card" aria-labelledby="home-h"><h2 id="home-h">${t('settings.household')}</h2>
        ${isAtLeast('admin') ? html`<form class="stack" id="home"><div data-problem></div>${field({ id: 'name', label: t('household.name'), value: household.name })}${field({ id: 'base_currency', label: t('household.currency'), value: household.base_currency, hint: t('household.currency_hint') })}
          <div class="pair">${select('first_month_day', t('household.month'), Array.from({ length: 28 }, (_, at) => [at + 1, number(at + 1)]), household.first_month_day)}${select('first_weekday', t('household.week'), weekdays(), household.first_weekday)}</div><div class="actions"><button class="btn primary" type="submit">${t('save')}</button></div></form>` : html`<p>${household.name}</p>`}
        <dl class="facts">${isAtLeast('admin') ? '' : html`<dt>${t('household.currency')}</dt><dd>${household.base_currency}</dd>`}<dt>${t('household.zone')}</dt><dd>${household.time_zone}</dd><dt>${t('household.role')}</dt><dd>${t(`role.${household.role}`)}</dd></dl></section>
      <section class="card" aria-labelledby="members-h"><header><h2 id="members-h">${t('members.title')}</h2>${isAtLeast('admin') ? html`<button class="btn primary" type="button" data-invite>${icon('plus')}${t('invite')}</button>` : ''}</header>
        <ul class="rows">${members.data.map(each => html`<li class="wrapping"><span class="mono round dark" aria-hidden="true">${initials(each.name)}</span><div class="grow"><div class="name clip">${each.name} ${each.id === me.id ? html`<span class="faint">${t('members.you')}</span>` : ''}</div><div class="xs muted clip">${each.email ?? ''}</div></div>
          ${isAtLeast('admin') && (each.role !== 'owner' || role() === 'owner') ? html`<select class="input narrow" data-role="${each.id}" aria-label="${t('members.role_of', { name: each.name })}">${roles.filter(name => name !== 'owner' || role() === 'owner').map(name => html`<option value="${name}" ${name === each.role ? html`selected` : ''}>${t(`role.${name}`)}</option>`)}</select>` : html`<span class="badge">${t(`role.${each.role}`)}</span>`}
          ${each.id === me.id || (isAtLeast('admin') && (each.role !== 'owner' || role() === 'owner')) ? html`<button class="btn plain quiet-danger" type="button" data-remove="${each.id}" data-name="${each.name}">${t(each.id === me.id ? 'members.leave' : 'members.remove')}</button>` : ''}</li>`)}</ul>
        <dl class="roles xs muted">${roles.map(name => html`<div><dt>${t(`role.${name}`)}</dt><dd>${t(`role.${name}.words`)}</dd></div>`)}</dl></section>
      ${invited.data.length ? html`<section class="card" aria-labelledby="invited-h"><h2 id="invited-h">${t('invited.title')}</h2><ul class="rows">${invited.data.map(each => html`<li><div class="grow"><div class="name clip">${each.email ?? t('invited.anybody')}</div><div class="xs muted">${t(`role.${each.role}`)} · ${t('invited.until', { day: dayText(each.expires_at.slice(0, 10)) })}</div></div><button class="btn" type="button" data-revoke="${each.id}">${t('revoke')}</button></li>`)}</ul></section>` : ''}`);
    const form = find('#home', root);
    if (form) {
      runForm(form, async typed => {
        const said = { name: typed.name.trim(), base_currency: typed.base_currency.trim().toUpperCase(), first_month_day: Number(typed.first_month_day), first_weekday: Number(typed.first_weekday) };
        const changes = Object.fromEntries(Object.entries(said).filter(([key, value]) => value !== household[key]));
        const changed = Object.keys(changes).length ? await patch('/v1/household', changes) : {};
        const now = { ...household, ...changed };
        toast(t('saved'));
        set('households', get('households').map(each => each.id === now.id ? now : each));
        // All that counts is drawn anew.
        if (Object.keys(changes).length) set('household', now);
      });
    }
  };
  const safely = async act => {
    try { await act(); } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); await paint(); }
  };
  const ends = [
    on(root, 'click', '[data-invite]', () => invite(paint)),
    on(root, 'change', '[data-role]', (event, select) => safely(async () => { await patch(`/v1/members/${select.dataset.role}`, { role: select.value }); toast(t('members.changed')); await paint(); })),
    on(root, 'click', '[data-remove]', (event, button) => safely(async () => {
      const isMe = button.dataset.remove === get('me').id;
      const name = button.dataset.name;
      if (!await confirm({ title: isMe ? t('members.leave_title') : t('members.remove_title', { name }), words: t('members.remove_words'), verb: t(isMe ? 'members.leave' : 'members.remove') })) return;
      await remove(`/v1/members/${button.dataset.remove}`);
      if (isMe) { location.assign('/'); return; }
      toast(t('members.removed', { name }));
      await paint();
    })),
    on(root, 'click', '[data-revoke]', (event, button) => safely(async () => { await remove(`/v1/invitations/${button.dataset.revoke}`); toast(t('invited.revoked')); await paint(); })),
    onChange(change => { if (['members', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
  ];
  await paint();
  return () => { for (const end of ends) end(); };
}

function invite(done) {
  const box = openDialog({ title: t('invite.title') });
  render(box.root, html`<form class="stack" id="invite"><div data-problem></div><p class="s muted">${t('invite.words')}</p>
    ${start.registration === 'closed' ? html`<div class="banner warn">${icon('alert')}<div>${t('invite.closed')} <code>MAGPIE_REGISTRATION=invite</code></div></div>` : ''}
    ${field({ id: 'email', label: t('email'), type: 'email', required: false })}
    <fieldset class="stack tight"><legend class="label">${t('household.role')}</legend>${['viewer', 'member', 'admin'].map(name => html`<label class="opt small"><input class="check" type="radio" name="role" value="${name}" ${name === 'member' ? html`checked` : ''}><span class="grow"><span class="name">${t(`role.${name}`)}</span><span class="xs muted">${t(`role.${name}.words`)}</span></span></label>`)}</fieldset>
    <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('invite.verb')}</button></div></form>`);
  find('#email', box.root).focus();
  runForm(find('#invite', box.root), async ({ email, role: wanted }) => {
    const made = await post('/v1/invitations', { role: wanted, ...(email ? { email } : {}) });
    choice.set('invited', 'yes');
    const address = `${location.origin}/invitation#${made.secret}`;
    box.title(t('invite.made'));
    render(box.root, html`<p class="s">${t('invite.made_words')}</p><div class="field"><label for="invite-link">${t('invite.link')}</label><input class="input mono-text" id="invite-link" readonly value="${address}"></div>
      <div class="actions"><button class="btn" type="button" data-copy>${t('copy')}</button><button class="btn primary" type="button" data-close>${t('done')}</button></div>`);
    const input = find('#invite-link', box.root);
    input.focus();
    input.select();
    find('[data-copy]', box.root).addEventListener('click', async () => { await navigator.clipboard?.writeText(address); toast(t('copied')); });
    done();
  });
}
