// What a list of transactions shows, as an address that can be kept and shared, and as chips.

import { addDays, dayText, monthText, todayDay } from './format.js';
import { get } from './store.js';
import { t } from './texts.js';

export function readFilter(query) {
  return {
    text: query.get('q') ?? '', accounts: query.getAll('account'), from: query.get('from'), to: query.get('to'),
    pending: query.get('pending'), category: query.getAll('category'), tag: query.getAll('tag'), uncategorized: query.get('uncategorized'),
  };
}

export function writeFilter(filter) {
  const query = new URLSearchParams();
  if (filter.text) query.set('q', filter.text);
  for (const name of ['account', 'category', 'tag']) for (const each of filter[name === 'account' ? 'accounts' : name] ?? []) query.append(name, each);
  for (const name of ['from', 'to', 'pending', 'uncategorized']) if (filter[name]) query.set(name, filter[name]);
  return query;
}

/** Whole months have names. */
function rangeText(from, to) {
  if (from && to && from.endsWith('-01') && from.slice(0, 7) === to.slice(0, 7) && addDays(to, 1).endsWith('-01')) return monthText(from, true);
  if (from && to) return t('filter.between', { from: dayText(from), to: dayText(to) });
  return from ? t('filter.since', { day: dayText(from) }) : t('filter.until', { day: dayText(to) });
}

/** [{ text, without }]: what a chip says, and the filter without it. */
export function chips(filter) {
  const list = [];
  if (filter.from || filter.to) list.push({ text: rangeText(filter.from, filter.to), without: { ...filter, from: null, to: null } });
  for (const id of filter.accounts) list.push({ text: get('accountsByID')?.get(id)?.name ?? t('account'), without: { ...filter, accounts: filter.accounts.filter(each => each !== id) } });
  for (const code of filter.category) list.push({ text: get('categoryNames')?.get(code) ?? code, without: { ...filter, category: filter.category.filter(each => each !== code) } });
  for (const id of filter.tag) list.push({ text: `#${get('tagNames')?.get(id) ?? id}`, without: { ...filter, tag: filter.tag.filter(each => each !== id) } });
  if (filter.uncategorized) list.push({ text: t('filter.uncategorized'), without: { ...filter, uncategorized: null } });
  if (filter.pending) list.push({ text: t(filter.pending === 'true' ? 'filter.pending' : 'filter.posted'), without: { ...filter, pending: null } });
  return list;
}

/** Ranges that are asked for most. */
export function ranges() {
  const today = todayDay();
  const first = `${today.slice(0, 7)}-01`;
  const last = addDays(first, -1);
  return [
    ['this_month', first, addDays(addDays(first, 31).slice(0, 7) + '-01', -1)], ['last_month', `${last.slice(0, 7)}-01`, last],
    ['days_90', addDays(today, -90), today], ['this_year', `${today.slice(0, 4)}-01-01`, `${today.slice(0, 4)}-12-31`],
  ].map(([name, from, to]) => ({ name, from, to }));
}

const folded = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether a row fits the words, as the server looks: each in its names or note; >50 and <50 compare the amount. */
export function fitsText(row, text) {
  const said = folded([row.name, row.merchant, row.original_description, row.notes].filter(Boolean).join('\n'));
  return folded(text).split(/\s+/).filter(Boolean).every(word => {
    const compared = word.match(/^([<>])(\d+(?:[.,]\d+)?)$/);
    if (!compared) return said.includes(word);
    const [amount, limit] = [Math.abs(Number(row.amount.amount)), Number(compared[2].replace(',', '.'))];
    return compared[1] === '>' ? amount > limit : amount < limit;
  });
}
