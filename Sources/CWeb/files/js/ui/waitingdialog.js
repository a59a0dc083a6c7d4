// What waited and was changed elsewhere meanwhile, one after the other: what it was, what it is now, what one wrote.

import { get as ask } from '../api.js';
import { find, html, icon, render } from '../dom.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { decide, isSame } from '../waiting.js';
import { valueWords } from './detail.js';
import { openDialog } from './dialog.js';
import { nameOf } from './rows.js';
import { readFiling } from '../filing.js';
import { toast } from './toast.js';

export async function openWaiting() {
  const box = openDialog({ title: t('waiting.title') });
  await readFiling().catch(() => {});
  const show = async () => {
    const [each] = get('waiting').stuck;
    if (!each) { box.close(); return; }
    const { stuck } = each;
    const row = stuck.gone ? null : await ask(`/v1/transactions/${each.id}`).catch(() => null);
    const field = key => t.has(`history.field.${key}`) ? t(`history.field.${key}`) : key;
    const words = (key, value) => html`<dd class="wraps">${value === null || value === '' ? t('waiting.empty') : valueWords(key, value)}</dd>`;
    render(box.root, html`${row ? html`<p class="name">${nameOf(row)}</p>` : ''}<p class="s muted">${stuck.gone ? t('waiting.gone') : stuck.why ? t('waiting.refused', { why: stuck.why }) : t('waiting.words')}</p>
      ${Object.keys(each.seen).filter(key => key in each.set || (stuck.now && !isSame(stuck.now[key], each.seen[key]))).map(key => html`<section class="stack tight"><h3 class="s">${field(key)}</h3><dl class="facts">${stuck.gone ? '' : html`<dt>${t('waiting.was')}</dt>${words(key, each.seen[key])}<dt>${t('waiting.theirs')}</dt>${words(key, stuck.now?.[key] ?? null)}`}${key in each.set ? html`<dt><strong>${t('waiting.mine')}</strong></dt>${words(key, each.set[key])}` : ''}</dl></section>`)}
      <div class="actions"><button class="btn" type="button" data-theirs>${t(stuck.gone ? 'waiting.discard' : 'waiting.keep_theirs')}</button>${stuck.gone ? '' : html`<button class="btn primary" type="button" data-mine>${icon('check')}${t('waiting.use_mine')}</button>`}</div>`);
    const choose = isMine => async () => {
      try { await decide(each, isMine); await show(); } catch (error) { toast(refusalText(error), { bad: true }); }
    };
    find('[data-theirs]', box.root).addEventListener('click', choose(false));
    find('[data-mine]', box.root)?.addEventListener('click', choose(true));
    find('[data-theirs]', box.root).focus();
  };
  await show();
}
