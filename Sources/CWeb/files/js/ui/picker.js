// Which category? A list under what was pressed: type to narrow it, the last three on top, a new one at the end. A phone
// shows it as a sheet.

import { html, render, find, element, icon } from '../dom.js';
import { get, choice } from '../store.js';
import { makeCategory } from '../filing.js';
import { t, refusalText } from '../texts.js';
import { colourOf } from './rows.js';
import { openDialog } from './dialog.js';
import { toast } from './toast.js';

const latest = () => (choice.get('categories') ?? '').split(' ').filter(Boolean);
const used = code => choice.set('categories', [code, ...latest().filter(each => each !== code)].slice(0, 3).join(' '));

/** Gives the code that was chosen, or undefined. */
export function pickCategory(anchor, current, within = document.body) {
  return new Promise(done => {
    const isPhone = matchMedia('(max-width: 44rem)').matches;
    let box = null;
    let isOver = false;
    const opener = document.activeElement;
    const place = element(html`<div class="picker stack tight"><label class="with-icon"><span class="vh">${t('category.find')}</span>${icon('search')}<input class="input" type="text" role="combobox" aria-expanded="true" aria-controls="picker-list" aria-autocomplete="list" autocomplete="off" placeholder="${t('category.find')}"></label><ul id="picker-list" class="palette" role="listbox" aria-label="${t('category')}"></ul></div>`);
    const end = async code => {
      if (isOver) return;
      isOver = true;
      document.removeEventListener('pointerdown', outside, true);
      if (box) box.close(); else place.remove();
      anchor?.setAttribute('aria-expanded', 'false');
      if (!box && opener?.isConnected) opener.focus({ preventScroll: true });
      if (code) used(code);
      done(code);
    };
    const outside = event => { if (!place.contains(event.target)) end(); };
    if (isPhone) {
      box = openDialog({ title: t('category'), onClose: () => { box = null; end(); } });
      box.root.append(place);
    } else {
      place.classList.add('menu', 'floating');
      within.append(place);
      const at = anchor.getBoundingClientRect();
      const isBelow = at.bottom + 360 < innerHeight || at.top < 360;
      place.style.insetInlineStart = `${Math.max(8, Math.min(at.left, innerWidth - 296))}px`;
      if (isBelow) place.style.insetBlockStart = `${at.bottom + 4}px`; else place.style.insetBlockEnd = `${innerHeight - at.top + 4}px`;
      document.addEventListener('pointerdown', outside, true);
      anchor.setAttribute('aria-expanded', 'true');
    }
    const input = find('input', place);
    const list = find('ul', place);
    // Most of what is filed is spending: its categories stand first, unless it is something else already.
    const flowOf = code => get('categories').find(each => each.code === code)?.flow ?? 'expense';
    const isLater = each => Number(flowOf(each.parent) !== flowOf(current));
    const all = get('categories').filter(each => !each.hidden && each.parent).sort((one, other) => isLater(one) - isLater(other));
    let shown = [];
    let at = 0;
    const draw = () => {
      const wanted = input.value.trim().toLowerCase();
      const groups = get('categoryNames');
      const fits = all.filter(each => `${each.name} ${groups.get(each.parent) ?? ''}`.toLowerCase().includes(wanted));
      const first = wanted ? [] : latest().map(code => all.find(each => each.code === code)).filter(Boolean);
      shown = [...first, ...fits.filter(each => !first.includes(each))];
      if (wanted && !all.some(each => each.name.toLowerCase() === wanted)) shown = [...shown, { isNew: true, name: input.value.trim() }];
      at = Math.max(0, Math.min(at, shown.length - 1));
      render(list, html`${shown.map((each, index) => html`<li role="option" id="picker-${index}" data-index="${index}" aria-selected="${index === at}">${each.isNew ? html`${icon('plus')}<span class="grow clip">${t('category.new', { name: each.name })}</span>` : html`<span class="cat ${colourOf(each.code)} grow"><span class="clip">${each.name}</span></span><span class="xs muted">${each.code === current ? icon('check') : groups.get(each.parent) ?? ''}</span>`}</li>`)}`);
      input.setAttribute('aria-activedescendant', `picker-${at}`);
      find(`#picker-${at}`, list)?.scrollIntoView({ block: 'nearest' });
    };
    const take = async index => {
      const chosen = shown[index];
      if (!chosen) return;
      if (!chosen.isNew) { end(chosen.code); return; }
      try {
        const parent = all.find(each => each.code === current)?.parent ?? 'OTHER';
        end((await makeCategory(chosen.name, get('categories').some(each => each.code === parent) ? parent : null)).code);
      } catch (error) { toast(refusalText(error), { bad: true }); end(); }
    };
    input.addEventListener('input', () => { at = 0; draw(); });
    place.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        at = (at + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % Math.max(1, shown.length);
        draw();
      } else if (event.key === 'Enter') { event.preventDefault(); take(at); } else if (event.key === 'Escape' || event.key === 'Tab') { event.preventDefault(); event.stopPropagation(); end(); }
    });
    list.addEventListener('click', event => { const item = event.target.closest('[data-index]'); if (item) take(Number(item.dataset.index)); });
    draw();
    input.focus({ preventScroll: true });
  });
}
