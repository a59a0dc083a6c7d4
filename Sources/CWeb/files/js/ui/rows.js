// Transactions and accounts as rows; the same everywhere.

import { html, icon, initials } from '../dom.js';
import { moneyHTML, ageHTML, words, tint, dayText } from '../format.js';
import { get } from '../store.js';
import { t } from '../texts.js';

export const categoryOf = row => row.category ?? row.bank_category?.detailed ?? row.bank_category?.primary ?? null;
export const categoryName = row => get('categoryNames')?.get(row.category)
  ?? (row.flow === 'transfer' && !row.category ? t('transfer') : categoryWords(row));
const categoryWords = row => {
  const { primary, detailed } = row.bank_category ?? {};
  const code = typeof row.category === 'string' ? row.category : detailed ?? primary;
  if (!code) return t('uncategorised');
  return spendingWords(code);
};
const primaries = ['INCOME', 'LOAN_DISBURSEMENTS', 'LOAN_PAYMENTS', 'TRANSFER_IN', 'TRANSFER_OUT', 'BANK_FEES', 'ENTERTAINMENT', 'FOOD_AND_DRINK', 'GENERAL_MERCHANDISE', 'HOME_IMPROVEMENT', 'MEDICAL', 'PERSONAL_CARE', 'GENERAL_SERVICES', 'GOVERNMENT_AND_NON_PROFIT', 'TRANSPORTATION', 'TRAVEL', 'RENT_AND_UTILITIES', 'OTHER'];
/** A code in words: its own where we have them, else what follows its group. */
export function spendingWords(code) {
  const own = get('categoryNames')?.get(code);
  if (own) return own;
  if (t.has(`category.${code}`)) return t(`category.${code}`);
  const group = primaries.find(each => code.startsWith(`${each}_`));
  if (!group) return words(code);
  // Only English can be made from the bank's code; other languages name the group.
  return t('lang') === 'en' ? words(code.slice(group.length + 1)) : t(`category.${group}`);
}
export const groupOf = code => primaries.find(each => code === each || code.startsWith(`${each}_`)) ?? code;

/** Reports name groups in words: the code behind them, whose words and colour we know. */
export const codeOfGroup = name => (get('categories')?.find(each => !each.parent && each.given === name) ?? get('categories')?.find(each => each.given === name))?.code ?? name;

export const accountName = id => get('accountsByID')?.get(id)?.name ?? '';

export function keepAccounts(accounts) {
  return new Map(accounts.map(each => [each.id, each]));
}

/** What a row is called: the merchant where the bank knows one and its own words are in capitals. */
export const nameOf = row => isShouted(row.name) && row.merchant ? row.merchant : row.name;
const isShouted = text => text === text.toUpperCase();

const isNowhere = code => !code || code === 'UNCATEGORIZED' || code === 'Without a category';
/** The address of what is filed there, in those days. */
export const filedRows = (code, { from, to }) => `/transactions?${new URLSearchParams({ from, to, ...(isNowhere(code) ? { uncategorized: 'true' } : { category: code }) })}`;

/** The colour of a category's group stays the same for ever. Five have to do for all: those that often stand together differ. */
const colours = '125354323224145143';
export const colourOf = code => {
  if (isNowhere(code)) return 'k6';
  const at = primaries.indexOf(groupOf(code ?? ''));
  return at >= 0 ? `k${colours[at]}` : tint(code);
};

export const toneOf = row => row.flow === 'transfer' ? 'k6' : colourOf(categoryOf(row) ?? '');

/** One transaction. The name is the link; the rest of the row belongs to it. */
export const transactionRow = (row, { href = `/transactions?tx=${row.id}`, showsDay = false, picks = false, isPicked = false, edits = false } = {}) => html`
  <li class="tx ${picks ? 'pick' : ''} ${isPicked ? 'sel' : ''} ${row.excluded ? 'excluded' : ''} ${row.deleted ? 'gone' : ''} ${row.waiting ? 'waits' : ''}" data-id="${row.id}">
    ${picks ? html`<label class="hit"><input class="check" type="checkbox" data-pick ${isPicked ? html`checked` : ''}><span class="vh">${t('select_row', { name: nameOf(row) })}</span></label>` : ''}
    <span class="mono" aria-hidden="true">${row.flow === 'transfer' ? icon('swap') : initials(nameOf(row))}</span>
    <div class="grow"><div class="name clip"><a href="${href}">${nameOf(row)}</a></div>
      <div class="xs muted clip">${[row.waiting ? t('waiting.badge') : '', showsDay ? dayText(row.occurred_on) : '', accountWords(row), row.pending ? t('pending') : '', row.splits?.length ? t('split_in', { count: row.splits.length }) : '', row.excluded ? t('flow_kind.excluded') : '', ...(row.tags ?? []).map(id => `#${get('tagNames')?.get(id) ?? ''}`), row.notes ?? ''].filter(Boolean).join(' · ')}</div></div>
    ${edits ? html`<button class="cat ${toneOf(row)}" type="button" data-category aria-haspopup="listbox" aria-label="${t('category_of', { category: categoryName(row), name: nameOf(row) })}"><span class="clip">${categoryName(row)}</span></button>` : html`<span class="cat ${toneOf(row)}"><span class="clip">${categoryName(row)}</span></span>`}
    ${moneyHTML(row.amount, { tone: row.flow !== 'transfer', plus: true, more: row.pending ? 'pending' : '' })}
  </li>`;

export const kinds = [
  ['cash', ['checking', 'savings', 'money_market', 'cash_management', 'prepaid', 'cash', 'deposit', 'health_savings']],
  ['cards', ['credit_card']], ['investments', ['investment', 'retirement']],
  ['loans', ['loan', 'mortgage', 'student_loan']], ['other', ['other_asset']],
];
export const groupOfKind = kind => kinds.find(([, list]) => list.includes(kind))?.[0] ?? 'other';

export const accountRow = account => html`
  <li class="acc">
    <span class="mono" aria-hidden="true">${initials(account.name)}</span>
    <div class="grow"><div class="name clip"><a href="/accounts/${account.id}">${account.name}</a></div>
      <div class="xs muted clip">${[account.institution, t.has(`kind.${account.kind}`) ? t(`kind.${account.kind}`) : '', account.mask ? `··${account.mask}` : ''].filter(Boolean).join(' · ')}</div></div>
    <span class="spark" data-spark="${account.id}"></span>
    <div class="bal">${moneyHTML(account.balance.current)}
      <div class="xs muted">${account.no_longer_sent_at ? t('account.gone') : ageHTML(account.balance.as_of)}</div></div>
  </li>`;

/** The other half of a movement between own accounts, where it is known. */
export const otherHalf = row => row.links?.find(each => each.kind === 'transfer');
/** Where it happened; of a transfer whose halves are linked, from where to where. */
const accountWords = row => {
  const half = otherHalf(row);
  const [own, other] = [accountName(row.account), half ? accountName(half.account) : ''];
  if (!other) return own;
  return row.amount.amount.startsWith('-') ? `${own} → ${other}` : `${other} → ${own}`;
};

/** Rows under the heads of their days. */
export function byDay(rows, draw) {
  const days = [];
  for (const row of rows) {
    if (days.at(-1)?.day !== row.occurred_on) days.push({ day: row.occurred_on, rows: [] });
    days.at(-1).rows.push(row);
  }
  return days.map(draw);
}

/** A bar of a share, as a drawing: no style attribute is needed. */
export const shareBar = (part, tone = '', label = '') => html`<svg class="meter" ${label ? html`role="img" aria-label="${label}"` : html`aria-hidden="true"`}><rect class="t" width="100%" height="10" rx="5"/><rect class="v ${tone}" width="${(Math.max(0, Math.min(1, part)) * 100).toFixed(1)}%" height="10" rx="5"/></svg>`;
