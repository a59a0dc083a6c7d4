// Filters that one comes back to: kept under a name, shared with the household or not.

import { get as ask, patch, post, remove } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { isAtLeast } from '../data.js';
import { writeFilter } from '../filter.js';
import { announce } from '../live.js';
import { t, refusalText } from '../texts.js';
import { undo } from '../edits.js';
import { openDialog } from './dialog.js';
import { field, runForm } from './form.js';
import { toast } from './toast.js';

/** The words of the page and of the server differ in one name. */
const toServer = filter => { const query = writeFilter(filter); const text = query.get('q'); query.delete('q'); if (text) query.set('text', text); return query.toString(); };
export const toPage = text => { const query = new URLSearchParams(text); const words = query.get('text'); query.delete('text'); if (words) query.set('q', words); return `/transactions${query.size ? `?${query}` : ''}`; };

export async function openViews(filter, go) {
  const box = openDialog({ title: t('views.title') });
  const isKept = writeFilter(filter).size > 0;
  const mayKeep = isAtLeast('member');
  let views = [];
  const paint = async () => {
    views = (await ask('/v1/views')).data;
    render(box.root, html`${views.length ? html`<ul class="rows linklist views">${views.map((each, at) => html`<li><a class="grow" href="${toPage(each.query)}" data-view="${at}">${icon('filter')}<span class="grow clip">${each.name}</span>${each.yours ? '' : html`<span class="badge">${t('views.of_others')}</span>`}</a>
        ${each.yours && mayKeep ? html`<label class="line-choice xs"><input class="check" type="checkbox" data-share="${at}" ${each.shared ? html`checked` : ''}><span>${t('views.shared')}</span></label><button class="btn icon plain" type="button" data-drop="${at}" aria-label="${t('views.drop', { name: each.name })}">${icon('x')}</button>` : ''}</li>`)}</ul>` : html`<p class="s muted">${t('views.none')}</p>`}
      ${mayKeep ? isKept ? html`<form class="stack" id="keep-view"><div data-problem></div>${field({ id: 'view-name', label: t('views.name'), hint: t('views.hint') })}<div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('views.verb')}</button></div></form>` : html`<p class="s muted">${t('views.filter_first')}</p>` : ''}`);
    const form = find('#keep-view', box.root);
    if (form) {
      runForm(form, async typed => {
        const { body, change } = await post('/v1/views', { name: typed['view-name'].trim(), query: toServer(filter) }, { repeatable: true, told: true });
        toast(t('views.kept', { name: body.name }), change ? { action: () => undo(change) } : {});
        announce('views');
        box.close();
      });
    }
  };
  const safely = async act => { try { await act(); announce('views'); await paint(); } catch (error) { toast(refusalText(error), { bad: true }); } };
  on(box.root, 'click', '[data-view]', (event, link) => { event.preventDefault(); box.close(); go(toPage(views[Number(link.dataset.view)].query)); });
  on(box.root, 'change', '[data-share]', (event, input) => safely(() => patch(`/v1/views/${views[Number(input.dataset.share)].id}`, { shared: input.checked })));
  on(box.root, 'click', '[data-drop]', (event, button) => safely(async () => {
    const view = views[Number(button.dataset.drop)];
    const { change } = await remove(`/v1/views/${view.id}`, { told: true });
    toast(t('delete.done', { name: view.name }), change ? { action: () => undo(change) } : {});
  }));
  await paint();
  (find('#view-name', box.root) ?? find('[data-view]', box.root))?.focus();
}
