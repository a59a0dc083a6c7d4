// What arrives while a list is being read waits behind a button above it: nothing moves under the finger.

import { debounce, find, html, icon, on, render, say } from '../dom.js';
import { t } from '../texts.js';

/**
 * `place` is above `list`; `first()` reads the first rows as the list would; `isReading()` says whether the list must stay
 * as it is. Gives { tell, gone, end }.
 */
export function arrivals(place, list, { first, isReading }) {
  let round = 0;
  let isShort = false;
  const clear = () => { round += 1; isShort = false; render(place, html``); };
  const offer = text => {
    if (find('[data-arrived]', place)?.textContent === text) return;
    render(place, html`<button class="btn primary" type="button" data-arrived>${icon('up')}${text}</button>`);
    say(text);
  };
  const look = debounce(async () => {
    const mine = ++round;
    let found;
    try { found = await first(); } catch { return; }
    if (mine !== round) return;
    // Rows that are here are drawn as they are now, in their places.
    for (const row of found.rows) if (list.row(row.id) && JSON.stringify(row) !== JSON.stringify(list.row(row.id))) list.update(row.id, row);
    const count = found.rows.filter(row => !list.row(row.id)).length;
    if (count) offer(t(count === found.rows.length && found.next ? 'list.arrived_many' : 'list.arrived', { count }));
    else if (isShort) offer(t('list.changed'));
    else clear();
  }, 200);
  const end = on(place, 'click', '[data-arrived]', async () => {
    clear();
    scrollTo(0, 0);
    await list.restart();
    find('.vrows .tx a', list.host)?.focus({ preventScroll: true });
  });
  return {
    /** Something came, went or changed: shown at once where nobody reads. */
    tell() { if (isReading()) look(); else { clear(); list.restart(); } },
    /** A row is there no more: it stays in its place, struck out. */
    gone(row) {
      if (!isReading()) { clear(); list.restart(); return; }
      isShort = true;
      list.update(row.id, { ...row, deleted: true });
      look();
    },
    clear,
    end() { look.cancel(); round += 1; end(); },
  };
}
