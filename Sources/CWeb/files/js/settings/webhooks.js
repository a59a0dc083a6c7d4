// Which other programs are told what happens here, and did it reach them?

import { get as ask, post, patch, remove } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { ageHTML, instantText } from '../format.js';
import { t, refusalText } from '../texts.js';
import { openDialog, confirm } from '../ui/dialog.js';
import { field, runForm } from '../ui/form.js';
import { empty } from '../ui/states.js';
import { toast } from '../ui/toast.js';

/** Families of events: a name stands for all kinds that begin so. */
const families = ['transaction', 'account', 'connection', 'sync', 'notification', 'insight'];
const looks = { active: ['ok', 'check'], paused: ['', 'clock'], disabled: ['bad', 'alert'] };

export default async function mount(root) {
  let list = [];
  const paint = async () => {
    list = (await ask('/v1/webhook-endpoints')).data;
    render(root, html`<section class="card" aria-labelledby="hooks-h"><header><h2 id="hooks-h">${t('settings.webhooks')}</h2><button class="btn primary" type="button" data-new>${icon('plus')}${t('hooks.new')}</button></header>
      <p class="s muted">${t('hooks.words')}</p>
      ${list.length ? html`<ul class="rows">${list.map(row)}</ul>` : empty({ drawing: 'bolt', title: t('hooks.none'), words: t('hooks.none_words') })}</section>`);
  };
  const row = each => {
    const [look, drawing] = each.failing_since && each.state === 'active' ? ['warn', 'alert'] : looks[each.state];
    return html`<li class="stack tight top-row" data-hook="${each.id}">
      <div class="spread nowrap"><span class="name clip">${each.description || new URL(each.url).host}</span><span class="badge ${look}">${icon(drawing)}${t(each.failing_since && each.state === 'active' ? 'hooks.failing' : `hooks.state.${each.state}`)}</span></div>
      <p class="xs muted wraps"><code>${each.url}</code></p>
      <p class="xs muted">${each.kinds.length ? t('hooks.told_of', { list: each.kinds.map(kindName).join(', ') }) : t('hooks.told_all')}${each.failing_since ? html` · ${t('hooks.failing_since')} ${ageHTML(each.failing_since)}` : ''}</p>
      ${each.reason ? html`<p class="xs bad-text">${each.reason}</p>` : ''}
      <div class="chips"><button class="btn" type="button" data-test="${each.id}">${t('hooks.test')}</button><button class="btn" type="button" data-deliveries="${each.id}">${t('hooks.deliveries')}</button>
      <button class="btn plain" type="button" data-toggle="${each.id}">${t(each.state === 'active' ? 'hooks.pause' : 'hooks.resume')}</button><button class="btn plain" type="button" data-change="${each.id}">${t('hooks.change')}</button><button class="btn plain" type="button" data-secret="${each.id}">${t('hooks.renew')}</button><button class="btn plain quiet-danger" type="button" data-delete="${each.id}">${t('delete')}</button></div></li>`;
  };
  const safely = async act => { try { await act(); } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); } };
  const of = id => list.find(each => each.id === id);
  const ends = [
    on(root, 'click', '[data-new]', () => edit(null, paint)),
    on(root, 'click', '[data-change]', (event, button) => edit(of(button.dataset.change), paint)),
    on(root, 'click', '[data-test]', (event, button) => safely(async () => {
      button.setAttribute('aria-busy', 'true');
      try {
        const { delivered, status, failure, milliseconds } = await post(`/v1/webhook-endpoints/${button.dataset.test}/test`);
        toast(delivered ? t('hooks.reached', { status, time: milliseconds }) : t('hooks.missed', { what: status ?? failure ?? '' }), { bad: !delivered });
      } finally { button.removeAttribute('aria-busy'); }
    })),
    on(root, 'click', '[data-toggle]', (event, button) => safely(async () => {
      const { id, state } = of(button.dataset.toggle);
      await patch(`/v1/webhook-endpoints/${id}`, { state: state === 'active' ? 'paused' : 'active' });
      await paint();
    })),
    on(root, 'click', '[data-secret]', (event, button) => safely(async () => {
      if (!await confirm({ title: t('hooks.renew_title'), words: t('hooks.renew_words'), verb: t('hooks.renew'), danger: false })) return;
      const { secret, former_until: until } = await post(`/v1/webhook-endpoints/${button.dataset.secret}/secret`);
      showSecret(secret, t('hooks.renewed', { time: instantText(until) }));
    })),
    on(root, 'click', '[data-deliveries]', (event, button) => safely(() => deliveries(of(button.dataset.deliveries)))),
    on(root, 'click', '[data-delete]', (event, button) => safely(async () => {
      const { id, url } = of(button.dataset.delete);
      if (!await confirm({ title: t('hooks.delete_title', { host: new URL(url).host }), words: t('hooks.delete_words'), verb: t('delete') })) return;
      await remove(`/v1/webhook-endpoints/${id}`);
      toast(t('hooks.deleted'));
      await paint();
    })),
  ];
  await paint();
  return () => { for (const end of ends) end(); };
}

const kindName = kind => t.has(`hooks.kind.${kind}`) ? t(`hooks.kind.${kind}`) : kind;

/** A new address, or another destination for one that is there. Its secret is shown once. */
function edit(endpoint, done) {
  const box = openDialog({ title: t(endpoint ? 'hooks.edit' : 'hooks.new') });
  const others = endpoint?.kinds.filter(each => !families.includes(each)) ?? [];
  render(box.root, html`<form class="stack" id="hook"><div data-problem></div>
    ${field({ id: 'url', label: t('hooks.url'), type: 'url', value: endpoint?.url ?? '', hint: t('hooks.url_hint'), more: 'mono-text' })}
    ${field({ id: 'description', label: t('hooks.note'), value: endpoint?.description ?? '', required: false })}
    <fieldset class="stack tight"><legend class="label">${t('hooks.kinds')}</legend><div class="checks">${[...families, ...others].map(each => html`<label class="line-choice s"><input class="check" type="checkbox" name="kinds" value="${each}" ${endpoint?.kinds.includes(each) ? html`checked` : ''}><span>${kindName(each)}</span></label>`)}</div><p class="hint">${t('hooks.kinds_hint')}</p></fieldset>
    <div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t(endpoint ? 'save' : 'hooks.make')}</button></div></form>`);
  const form = find('#hook', box.root);
  find('#url', form).focus();
  runForm(form, async ({ url, description }) => {
    const body = { url: url.trim(), description: description.trim(), kinds: new FormData(form).getAll('kinds') };
    if (endpoint) {
      await patch(`/v1/webhook-endpoints/${endpoint.id}`, body);
      toast(t('saved'));
      box.close();
    } else {
      const made = await post('/v1/webhook-endpoints', body, { repeatable: true });
      box.close();
      showSecret(made.secret, t('hooks.secret_words'));
    }
    await done();
  });
}

function showSecret(secret, words) {
  const box = openDialog({ title: t('hooks.secret') });
  render(box.root, html`<p class="s">${words}</p><div class="field"><label for="hook-secret">${t('hooks.secret')}</label><input class="input mono-text" id="hook-secret" readonly value="${secret}"></div>
    <div class="actions"><button class="btn" type="button" data-copy>${t('copy')}</button><button class="btn primary" type="button" data-close>${t('done')}</button></div>`);
  find('#hook-secret', box.root).select();
  find('[data-copy]', box.root).addEventListener('click', async () => { await navigator.clipboard?.writeText(secret); toast(t('copied')); });
}

/** What it was told, how often it was tried, and sending one once more. */
async function deliveries(endpoint) {
  const box = openDialog({ title: t('hooks.deliveries'), wide: true });
  const paint = async () => {
    const { data, next } = await ask(`/v1/webhook-endpoints/${endpoint.id}/deliveries?limit=30`);
    render(box.root, data.length ? html`<ol class="line scrollbox" tabindex="0" aria-label="${t('hooks.deliveries')}">${data.map(each => html`<li class="${each.delivered_at ? 'done' : ''}"><div class="spread nowrap"><div><strong>${each.kind}</strong> <span class="badge ${each.delivered_at ? 'ok' : 'bad'}">${each.status ?? each.failure ?? t('hooks.no_answer')}</span>
      <p class="xs muted">${ageHTML(each.last_at)} · ${t('hooks.tries', { count: each.tries })} · ${t('hooks.took', { time: each.milliseconds })}</p></div><button class="btn plain" type="button" data-again="${each.position}" aria-label="${t('hooks.again_of', { kind: each.kind, at: each.position })}">${t('hooks.again')}</button></div></li>`)}</ol>
      ${next ? html`<p class="xs muted">${t('hooks.latest')}</p>` : ''}<div class="actions"><button class="btn" type="button" data-replay>${t('hooks.replay')}</button></div>` : empty({ drawing: 'pulse', title: t('hooks.nothing_sent') }));
  };
  on(box.root, 'click', '[data-again]', async (event, button) => {
    try { await post(`/v1/webhook-endpoints/${endpoint.id}/resend`, { position: Number(button.dataset.again) }); toast(t('hooks.resent')); await paint(); } catch (error) { toast(refusalText(error), { bad: true }); }
  });
  on(box.root, 'click', '[data-replay]', async () => {
    if (!await confirm({ title: t('hooks.replay_title'), words: t('hooks.replay_words'), verb: t('hooks.replay'), danger: false })) return;
    try { await post(`/v1/webhook-endpoints/${endpoint.id}/replay`, { after: 0 }); toast(t('hooks.replayed')); box.close(); } catch (error) { toast(refusalText(error), { bad: true }); }
  });
  await paint();
  box.focusTitle();
}
