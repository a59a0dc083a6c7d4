// Which banks are linked, and how they are.

import { html, render } from '../dom.js';
import { connections } from '../data.js';
import { onChange } from '../live.js';
import { t } from '../texts.js';
import { connectionRow, connectionButtons, connectButton } from '../ui/health.js';
import { empty } from '../ui/states.js';

export default async function mount(root) {
  const paint = async () => {
    const list = await connections();
    render(root, html`<section class="card" aria-labelledby="con-h"><header><h2 id="con-h">${t('connections')}</h2>${list.length ? connectButton() : ''}</header>
      ${list.length ? html`<ul class="rows conns">${list.map(connectionRow)}</ul>` : empty({ drawing: 'bank', title: t('connections.none'), action: connectButton() })}</section>`);
  };
  const ends = [connectionButtons(root), onChange(change => { if (['connections', 'runs', 'resync'].includes(change.kind)) paint(); })];
  await paint();
  return () => { for (const end of ends) end(); };
}
