// The way a balance went, small enough for a row: our own SVG, for the eye alone. The figures are on the account's page.

import { can, get as ask } from '../api.js';
import { html, render, find } from '../dom.js';
import { addDays, isHidden, size, todayDay } from '../format.js';

const [wide, high, days] = [96, 28, 91];

/** As steps, since a balance stands until the next is known. Nothing where there are fewer than two. */
export function spark(points) {
  if (points.length < 2) return '';
  const [first, last] = [Date.parse(points[0].day), Date.parse(points.at(-1).day)];
  const values = points.map(each => each.value);
  const [low, top] = [Math.min(...values), Math.max(...values)];
  const x = day => ((Date.parse(day) - first) / Math.max(1, last - first) * (wide - 6) + 1).toFixed(1);
  const y = value => (top === low ? high / 2 : high - 3 - (value - low) / (top - low) * (high - 6)).toFixed(1);
  const path = points.map((each, at) => at ? `H${x(each.day)}V${y(each.value)}` : `M${x(each.day)} ${y(each.value)}`).join('');
  return html`<svg class="sp" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" aria-hidden="true"><path d="${path}"/><circle cx="${x(points.at(-1).day)}" cy="${y(values.at(-1))}" r="2.5"/></svg>`;
}

/** Draws them into the rows that are there, one after the other, so that nothing else waits for it. */
export async function drawSparks(root, accounts) {
  if (isHidden() || !can('GET /v1/accounts/{id}/balances')) return;
  const from = addDays(todayDay(), -days);
  for (const each of accounts.slice(0, 40)) {
    if (!root.isConnected) return;
    try {
      const { data } = await ask(`/v1/accounts/${each.id}/balances?from=${from}&limit=100`);
      const place = find(`[data-spark="${each.id}"]`, root);
      if (place) render(place, spark(data.filter(one => one.current).reverse().map(one => ({ day: one.day, value: size(one.current) }))));
    } catch { return; }
  }
}
