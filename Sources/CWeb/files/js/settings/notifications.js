// What does one want to hear of? Everything is told unless it is switched off here.

import { get as ask, put } from '../api.js';
import { html, render, on } from '../dom.js';
import { announce } from '../live.js';
import { t, refusalText } from '../texts.js';
import { toast } from '../ui/toast.js';

// In the order in which they matter; each group under its own heading.
const groups = [
  ['banks', ['connection.sign_in_needed', 'connection.expiring', 'connection.revoked', 'connection.account_revoked', 'connection.new_accounts', 'connection.stale']],
  ['money', ['charge.unusual', 'charge.duplicate', 'charge.price_rise', 'charge.trial', 'charge.fee', 'payment.missed', 'income.missed', 'balance.low_ahead', 'budget.overspent', 'balance.does_not_add_up', 'feed.turned']],
  ['work', ['history.first_days', 'history.complete', 'budget.passed', 'job.dead', 'webhook.disabled', 'invitation', 'digest.weekly']],
];

export default async function mount(root) {
  let muted = new Set((await ask('/v1/notifications/muted')).kinds);
  render(root, html`<section class="card" aria-labelledby="tell-h"><h2 id="tell-h">${t('settings.notifications')}</h2><p class="s muted">${t('mute.words')}</p>
    ${groups.map(([name, kinds]) => html`<fieldset class="stack tight"><legend class="label">${t(`mute.${name}`)}</legend>${kinds.map(kind => html`<label class="line-choice s"><input class="check" type="checkbox" data-kind="${kind}" ${muted.has(kind) ? '' : html`checked`}><span>${t(`mute.kind.${kind}`)}</span></label>`)}</fieldset>`)}</section>`);
  return on(root, 'change', '[data-kind]', async (event, box) => {
    const before = muted;
    muted = new Set(muted);
    if (box.checked) muted.delete(box.dataset.kind); else muted.add(box.dataset.kind);
    try {
      const kept = await put('/v1/notifications/muted', { kinds: [...muted] });
      muted = new Set(kept.kinds);
      toast(t(box.checked ? 'mute.on' : 'mute.off', { what: t(`mute.kind.${box.dataset.kind}`) }));
      announce('notifications');
    } catch (error) {
      muted = before;
      box.checked = !muted.has(box.dataset.kind);
      toast(refusalText(error), { bad: true });
    }
  });
}
