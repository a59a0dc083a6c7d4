// Streams from left to right as a drawing of our own: nodes in columns by how far they are from where money comes in,
// bands between them as broad as the amount. At most a dozen nodes on a side; the rest is one.

import { html, raw, escape } from '../dom.js';
import { moneyText, size } from '../format.js';
import { t } from '../texts.js';

const gap = 14;
const bar = 12;
const sideMax = 12;

/** `links`: [{ from, to, amount }] with money; `name(key)` gives words, `colour(key)` the class of a colour. */
export function sankey(links, { label, name: words, colour, width }) {
  // Where there is little room, words stand on the bands, and what is in the middle has none.
  const isNarrow = width < 560;
  const [left, right] = isNarrow ? [0, 0] : width > 900 ? [190, 250] : [150, 210];
  // What money comes from and what it goes to may be called the same ("Without a category"): they are two places.
  const pot = links.map(each => each.to).find(key => links.every(each => each.from === key || each.to === key));
  const plain = key => key.replace('\u0000', '');
  const name = key => words(plain(key));
  const flows = links.map(each => ({ from: each.from, to: each.from === pot ? `${each.to}\u0000` : each.to, value: size(each.amount), currency: each.amount.currency })).filter(each => each.value > 0);
  if (!flows.length) return html``;
  const nodes = new Map();
  const node = key => { if (!nodes.has(key)) nodes.set(key, { key, into: [], out: [], column: 0 }); return nodes.get(key); };
  for (const flow of flows) { node(flow.from).out.push(flow); node(flow.to).into.push(flow); }
  // The longest way from a source; loops are not followed.
  const place = (each, depth, seen) => {
    if (seen.has(each.key) || depth < each.column) return;
    each.column = depth;
    for (const flow of each.out) place(node(flow.to), depth + 1, new Set([...seen, each.key]));
  };
  for (const each of nodes.values()) if (!each.into.length) place(each, 0, new Set());
  const total = list => list.reduce((sum, flow) => sum + flow.value, 0);
  for (const each of nodes.values()) each.value = Math.max(total(each.into), total(each.out));
  const columns = [];
  for (const each of nodes.values()) (columns[each.column] ??= []).push(each);
  for (const column of columns) column?.sort((one, other) => other.value - one.value);
  const shown = columns.filter(Boolean).map(column => column.slice(0, sideMax));
  const most = Math.max(...shown.map(column => column.length));
  const height = Math.max(220, most * 44);
  const scale = Math.min(...shown.map(column => (height - gap * (column.length - 1)) / Math.max(1, column.reduce((sum, each) => sum + each.value, 0))));
  const step = shown.length > 1 ? (width - bar - left - right) / (shown.length - 1) : 0;
  // Words that stand on the bands have more room to the right, where there are more of them.
  const across = index => isNarrow && shown.length === 3 && index === 1 ? (width - bar) * 0.38 : left + index * step;
  shown.forEach((column, index) => {
    let top = (height - column.reduce((sum, each) => sum + each.value * scale, 0) - gap * (column.length - 1)) / 2;
    for (const each of column) {
      Object.assign(each, { x: across(index), y: top, height: Math.max(2, each.value * scale), isShown: true, outAt: top, inAt: top, isLast: index === shown.length - 1, isFirst: index === 0 });
      top += each.height + gap;
    }
  });
  const bands = [];
  for (const column of shown) {
    for (const each of column) {
      for (const flow of each.out.sort((one, other) => (node(one.to).y ?? 0) - (node(other.to).y ?? 0))) {
        const to = node(flow.to);
        if (!to.isShown) continue;
        const thick = Math.max(1, flow.value * scale);
        const [x0, y0, x1, y1] = [each.x + bar, each.outAt + thick / 2, to.x, to.inAt + thick / 2];
        each.outAt += thick;
        to.inAt += thick;
        const middle = (x0 + x1) / 2;
        const told = `${name(flow.from)} → ${name(flow.to)}: ${moneyText({ amount: String(flow.value.toFixed(2)), currency: flow.currency })}`;
        bands.push(`<path class="band ${to.isLast ? colour(plain(flow.to)) : 'k1'}" d="M${x0.toFixed(1)} ${y0.toFixed(1)}C${middle.toFixed(1)} ${y0.toFixed(1)} ${middle.toFixed(1)} ${y1.toFixed(1)} ${x1.toFixed(1)} ${y1.toFixed(1)}" stroke-width="${thick.toFixed(1)}"><title>${escape(told)}</title></path>`);
      }
    }
  }
  const marks = shown.flat().map(each => {
    const isMiddle = !each.isFirst && !each.isLast;
    const isBefore = isNarrow ? each.isLast : each.isFirst;
    const [x, anchor] = isMiddle ? [each.x + bar / 2, 'middle'] : isBefore ? [each.x - 6, 'end'] : [each.x + bar + 6, 'start'];
    const y = isMiddle ? each.y - 10 : each.y + each.height / 2;
    const money = moneyText({ amount: each.value.toFixed(2), currency: flows[0].currency }, { whole: true });
    const said = name(each.key);
    const space = isNarrow ? (each.isFirst ? across(1) - bar : width - bar - across(shown.length - 2) - bar) : each.isFirst ? left : right - bar;
    const room = Math.max(6, Math.floor((space - 10) / (isNarrow ? 6 : 6.5)) - money.length - 1);
    const text = isNarrow && isMiddle ? '' : `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" dominant-baseline="middle">${escape(said.length > room ? `${said.slice(0, room - 1)}…` : said)} <tspan class="sum">${escape(money)}</tspan></text>`;
    return `<rect class="node ${each.isLast ? colour(plain(each.key)) : 'k1'}" x="${each.x.toFixed(1)}" y="${each.y.toFixed(1)}" width="${bar}" height="${each.height.toFixed(1)}" rx="2"/>${text}`;
  });
  return html`<svg class="sankey ${isNarrow ? 'narrow' : ''}" viewBox="0 -18 ${width} ${height + 26}" role="img" aria-label="${label}">${raw(bands.join(''))}${raw(marks.join(''))}</svg><p class="vh">${t('reports.list_below')}</p>`;
}
