// The phone's sheet of further places, and the menu of the person.

import { html, render, find, icon, on, element } from '../dom.js';
import { get } from '../store.js';
import { t } from '../texts.js';
import { signOut, setTheme, switchHousehold } from '../shell.js';
import { openDialog } from './dialog.js';

export function openMore(places) {
  const box = openDialog({ title: t('more') });
  render(box.root, html`<ul class="rows linklist">${places.map(([name, address, drawing]) =>
    html`<li><a href="${address}" data-close>${icon(drawing)}<span>${t(`place.${name}`)}</span></a></li>`)}</ul>`);
}

/** A menu under its button: arrows move, Escape goes back. */
export function personMenu(button) {
  const open = find('.person .menu');
  if (open) { open.remove(); button.setAttribute('aria-expanded', 'false'); return; }
  const others = (get('households') ?? []).filter(each => each.id !== get('household')?.id);
  const menu = element(html`<div class="menu" role="menu" aria-label="${t('person_menu', { name: get('me').name })}">
    <p class="menu-head" role="presentation"><strong class="clip">${get('me').name}</strong><span class="xs muted clip">${get('household')?.name ?? ''}</span></p>
    ${others.map((each, index) => html`<button type="button" role="menuitem" data-household="${index}">${icon('users')}${each.name}</button>`)}
    <a role="menuitem" href="/settings">${icon('set')}${t('place.settings')}</a>
    <button type="button" role="menuitem" data-theme-next>${icon('moon')}${t('switch_theme')}</button>
    <button type="button" role="menuitem" data-out>${icon('out')}${t('sign_out')}</button></div>`);
  button.after(menu);
  button.setAttribute('aria-expanded', 'true');
  const items = [...menu.querySelectorAll('[role=menuitem]')];
  items[0].focus();
  const close = back => {
    menu.remove();
    button.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside);
    if (back) button.focus();
  };
  const outside = event => { if (!menu.contains(event.target) && !button.contains(event.target)) close(false); };
  document.addEventListener('pointerdown', outside);
  menu.addEventListener('keydown', event => {
    const at = items.indexOf(document.activeElement);
    if (event.key === 'Escape') { event.stopPropagation(); close(true); }
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length].focus();
    } else if (event.key === 'Tab') close(false);
  });
  on(menu, 'click', '[role=menuitem]', (event, item) => {
    if (item.dataset.household !== undefined) switchHousehold(others[Number(item.dataset.household)]);
    else if ('themeNext' in item.dataset) {
      const dark = document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
      setTheme(dark === 'dark' ? 'light' : 'dark');
    } else if ('out' in item.dataset) signOut();
    close(false);
  });
}
