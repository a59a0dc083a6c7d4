// Charts as Chart.js draws them, in our colours, with the same numbers as a table below. A build without the library,
// and a page that hides amounts, show the table or nothing.

import { start } from './api.js';
import { html, find, unique, raw } from './dom.js';
import { isHidden, moneyText, shortMoney } from './format.js';
import { t } from './texts.js';

let library;
/** Loads the library when a chart comes near the view. */
const chartLibrary = () => library ??= new Promise((done, fail) => {
  const script = document.createElement('script');
  script.src = new URL('../vendor/chart.min.js', import.meta.url);
  script.onload = () => done(globalThis.Chart);
  script.onerror = fail;
  document.head.append(script);
});

/** The box of a chart and its table. `table`: { caption, head: [..], rows: [[..]] } with markup in the cells. */
export function chartBox({ label, table, size = '', id = unique('chart') }) {
  const body = html`<table><caption class="vh">${table.caption}</caption><thead><tr>${table.head.map((each, index) => html`<th scope="col" class="${index ? 'n' : ''}">${each}</th>`)}</tr></thead>
    <tbody>${table.rows.map(row => html`<tr>${row.map((cell, index) => index ? html`<td class="n">${cell}</td>` : html`<th scope="row">${cell}</th>`)}</tr>`)}</tbody></table>`;
  const isDrawn = start.charts && !isHidden();
  return {
    id,
    markup: html`${isDrawn ? html`<div class="chart ${size}"><canvas id="${id}" role="img" aria-label="${label}" tabindex="0"></canvas></div>` : ''}
      <details class="data" ${isDrawn ? '' : raw('open')}><summary>${t('show_as_table')}</summary><div class="wrap scroll" tabindex="0" role="region" aria-label="${table.caption}">${body}</div></details>`,
  };
}

const probe = () => {
  const element = document.createElement('i');
  element.hidden = true;
  document.body.append(element);
  return { of(name) { element.style.color = `var(${name})`; return getComputedStyle(element).color; }, end() { element.remove(); } };
};
const alpha = (colour, part) => colour.replace(/^rgb\((.+)\)$/, (_, numbers) => `rgba(${numbers}, ${part})`);

function look() {
  const colours = probe();
  const names = ['--ink', '--ink-2', '--line', '--edge', '--surface', '--raised', '--sunken', '--c1', '--c2', '--c3', '--c4', '--c5', '--c6'];
  const found = Object.fromEntries(names.map(name => [name.slice(2), colours.of(name)]));
  colours.end();
  return found;
}

/**
 * Draws when the box comes into view, and anew when the theme changes. `make(colours)` gives Chart.js's configuration.
 * Gives what ends it.
 */
export function draw(root, id, currency, make) {
  const canvas = find(`#${id}`, root);
  if (!canvas) return () => {};
  let chart = null;
  let isGone = false;
  const paint = async () => {
    let Chart;
    try { Chart = await chartLibrary(); } catch { canvas.closest('.chart').hidden = true; return; }
    if (isGone) return;
    chart?.destroy();
    const colours = look();
    Object.assign(Chart.defaults, { color: colours['ink-2'], borderColor: colours.line, maintainAspectRatio: false, animation: false });
    Object.assign(Chart.defaults.font, { family: getComputedStyle(document.body).fontFamily, size: 12 });
    Chart.defaults.plugins.legend.display = false;
    Object.assign(Chart.defaults.plugins.tooltip, {
      backgroundColor: colours.raised, titleColor: colours['ink-2'], bodyColor: colours.ink, borderColor: colours.edge,
      borderWidth: 1, padding: 10, cornerRadius: 8, boxPadding: 6, usePointStyle: true,
    });
    chart = new Chart(canvas, make({ ...colours, alpha }));
    canvas.dataset.drawn = 'yes';
  };
  const seen = new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting)) { seen.disconnect(); paint(); }
  }, { rootMargin: '200px' });
  seen.observe(canvas);
  const again = () => { if (chart) paint(); };
  addEventListener('themechange', again);
  // On paper everything is in view.
  const onPaper = () => { if (!chart) paint(); };
  addEventListener('beforeprint', onPaper);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', again);
  let at = -1;
  canvas.addEventListener('keydown', event => {
    if (!chart || !['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
    event.preventDefault();
    const points = chart.data.labels.length;
    at = Math.max(0, Math.min(points - 1, at + (event.key === 'ArrowRight' ? 1 : -1)));
    const active = chart.data.datasets.map((_, index) => ({ datasetIndex: index, index: at }));
    const place = chart.getDatasetMeta(0).data[at];
    chart.tooltip.setActiveElements(active, { x: place.x, y: place.y });
    chart.update();
  });
  return () => {
    isGone = true;
    seen.disconnect();
    chart?.destroy();
    removeEventListener('themechange', again);
    removeEventListener('beforeprint', onPaper);
    scheme.removeEventListener('change', again);
  };
}

/** In short, such as $45K; in full where two lines would be called the same. */
const tickText = currency => (value, at, all) => {
  const short = all.map(each => shortMoney(each.value, currency));
  return new Set(short).size < short.length && !isHidden() ? moneyText({ amount: String(Math.round(value)), currency }, { whole: true }) : short[at];
};

/** Axes as all charts have them. `ticks`: so many days below at most, on a phone fewer. */
export const axes = (colours, currency, ticks) => ({
  y: { grid: { color: colours.line, drawBorder: false, drawTicks: false }, ticks: { padding: 8, maxTicksLimit: 5, callback: tickText(currency) } },
  x: { grid: { display: false, drawBorder: false }, ticks: { padding: 4, maxRotation: 0, autoSkipPadding: 16, ...(ticks ? { maxTicksLimit: innerWidth < 600 ? Math.min(ticks, 3) : ticks } : {}) } },
});

export const moneyTip = currency => ({ label: item => `${item.dataset.label}  ${moneyText({ amount: String(Math.round(item.parsed.y)), currency }, { whole: true })}` });
