// What do we call things? Groups and what is in them: renamed, hidden, added; banks file under the codes behind them.

import { post, patch, remove } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { isAtLeast } from '../data.js';
import { readFilingAgain, readFiling } from '../filing.js';
import { undo } from '../edits.js';
import { onChange } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { openDialog } from '../ui/dialog.js';
import { field, runForm } from '../ui/form.js';
import { colourOf } from '../ui/rows.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  let wanted = '';
  const paint = () => {
    const all = get('categories');
    const groups = all.filter(each => !each.parent);
    const fits = each => each.name.toLowerCase().includes(wanted.toLowerCase());
    render(find('#tree', root), html`<div class="cards">${groups.map(group => {
      const members = all.filter(each => each.parent === group.code && (fits(each) || fits(group)));
      if (!members.length && wanted && !fits(group)) return '';
      return html`<section class="card" aria-labelledby="group-${group.code}"><header><h2 id="group-${group.code}" class="cat ${colourOf(group.code)} group-name">${group.name}</h2><span class="badge">${t(`flow_kind.${group.flow}`)}</span></header>
        <ul class="rows tightrows">${members.map(each => html`<li class="${each.hidden ? 'is-over' : ''}"><span class="grow clip">${each.name}${each.hidden ? html` <span class="xs muted">${t('categories.hidden')}</span>` : ''}${each.system ? '' : html` <span class="xs muted">${t('categories.own')}</span>`}</span><a class="btn plain icon" href="/transactions?category=${each.code}" aria-label="${t('categories.rows_of', { name: each.name })}">${icon('list')}</a>${isAtLeast('member') ? html`<button class="btn plain icon" type="button" data-edit="${each.code}" aria-label="${t('categories.edit', { name: each.name })}">${icon('more')}</button>` : ''}</li>`)}</ul>
        ${isAtLeast('member') ? html`<button class="btn plain" type="button" data-add="${group.code}">${icon('plus')}${t('categories.add')}</button>` : ''}</section>`;
    })}</div>`);
  };
  const load = async () => { await readFilingAgain(); paint(); };
  await readFiling();
  render(root, html`<div class="head"><div><h1>${t('place.categories')}</h1><p class="s muted">${t('categories.words')}</p></div></div>
    <label class="with-icon"><span class="vh">${t('category.find')}</span>${icon('search')}<input class="input" type="search" id="find-category" data-search placeholder="${t('category.find')}" autocomplete="off"></label><div id="tree"></div>`);
  paint();
  const told = (text, change) => toast(text, change ? { action: async () => { await undo(change); await load(); } } : {});
  const ends = [
    on(root, 'input', '#find-category', (event, input) => { wanted = input.value.trim(); paint(); }),
    on(root, 'click', '[data-add]', (event, button) => name({ title: t('categories.add'), send: async typed => {
      const { body, change } = await post('/v1/categories', { name: typed, parent: button.dataset.add }, { repeatable: true, told: true });
      told(t('categories.added', { name: body.name }), change);
      await load();
    } })),
    on(root, 'click', '[data-edit]', (event, button) => {
      const each = get('categories').find(one => one.code === button.dataset.edit);
      name({
        title: each.name, value: each.name, each,
        send: async typed => {
          if (typed === each.name) return;
          const { change } = await patch(`/v1/categories/${each.code}`, { name: typed }, { told: true }); told(t('categories.renamed', { name: typed }), change);
          await load();
        },
        hide: async () => { const { change } = await patch(`/v1/categories/${each.code}`, { hidden: !each.hidden }, { told: true }); told(t(each.hidden ? 'categories.shown' : 'categories.hid', { name: each.name }), change); await load(); },
        drop: async () => { const { change } = await remove(`/v1/categories/${each.code}?replacement=${each.parent}`, { told: true }); told(t('delete.done', { name: each.name }), change); await load(); },
      });
    }),
    onChange(change => { if (['categories', 'resync'].includes(change.kind)) load().catch(() => {}); }),
  ];
  return () => { for (const end of ends) end(); };
}

function name({ title, value = '', each, send, hide, drop }) {
  const box = openDialog({ title });
  render(box.root, html`<form class="stack"><div data-problem></div>${field({ id: 'category-name', label: t('name'), value })}
    <div class="actions">${each ? html`<button class="btn plain" type="button" data-hide>${t(each.hidden ? 'categories.show' : 'categories.hide')}</button>${each.system ? '' : html`<button class="btn danger" type="button" data-drop>${t('delete')}</button>`}` : ''}<button class="btn" type="button" data-close>${t('cancel')}</button><button class="btn primary" type="submit">${t('save')}</button></div></form>`);
  const form = find('form', box.root);
  const safely = async act => { try { await act(); box.close(); } catch (error) { toast(refusalText(error), { bad: true }); } };
  find('[data-hide]', form)?.addEventListener('click', () => safely(hide));
  find('[data-drop]', form)?.addEventListener('click', () => safely(drop));
  runForm(form, async typed => { await send(typed['category-name'].trim()); box.close(); });
  find('#category-name', form).select();
}
