// Money, numbers and days as people of a place write them. Amounts come as decimal texts and are added as whole numbers
// of the smallest unit, never as binary fractions.

import { raw, escape } from './dom.js';
import { t, language } from './texts.js';

const known = new Map();
const memo = (key, make) => { if (!known.has(key)) known.set(key, make()); return known.get(key); };
export const locale = () => language();

const digitsOf = currency => memo(`digits ${currency}`, () => {
  try { return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits; } catch { return 2; }
});

/** Decimal text to a whole number of units of 10^-digits. */
export function scaled(amount, digits) {
  const negative = amount.startsWith('-');
  const [whole, fraction = ''] = amount.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(digits, '0').slice(0, digits));
  return negative ? -value : value;
}

/** Whole units back to a decimal text. */
export function decimal(value, digits) {
  const negative = value < 0n;
  const text = (negative ? -value : value).toString().padStart(digits + 1, '0');
  const cut = digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
  return (negative ? '-' : '') + cut;
}

/** What somebody typed as an amount, as a decimal text; null where it is none. The last of . and , parts the cents. */
export function readAmount(text) {
  const plain = text.trim().replace(/[\s'’]/g, '').replace('−', '-');
  const cents = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','));
  // 1.234 and 1,234 are thousands where the language writes them so.
  const isGrouped = /^-?\d{1,3}([.,])\d{3}(\1\d{3})*$/.test(plain) && plain[cents] === memo(`group ${locale()}`, () => new Intl.NumberFormat(locale()).formatToParts(12345).find(part => part.type === 'group')?.value);
  const digits = isGrouped || cents < 0 ? plain.replace(/[.,]/g, '') : `${plain.slice(0, cents).replace(/[.,]/g, '')}.${plain.slice(cents + 1)}`;
  return /^-?\d+(\.\d+)?$/.test(digits) ? digits : null;
}

/** A decimal text as somebody would type it here: 4,50 where people write so. */
export const typedAmount = text => text.replace('.', memo(`point ${locale()}`, () => new Intl.NumberFormat(locale()).formatToParts(1.5).find(part => part.type === 'decimal').value));

export const sum = (list, currency) => {
  const digits = digitsOf(currency);
  return { amount: decimal(list.reduce((total, each) => total + scaled(each.amount, digits), 0n), digits), currency };
};
export const negated = money => money.amount.startsWith('-') || /^[0.]*$/.test(money.amount)
  ? { ...money, amount: money.amount.replace('-', '') } : { ...money, amount: `-${money.amount}` };
export const isNegative = money => money.amount.startsWith('-');
export const isZero = money => /^-?[0.]*$/.test(money.amount);
/** For the length of a bar or a line only: never for a figure that is read. */
export const size = money => Number(money?.amount ?? 0);

const formats = (currency, whole) => memo(`money ${locale()} ${currency} ${whole}`, () => {
  try {
    return new Intl.NumberFormat(locale(), {
      style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...(whole ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {}),
    });
  } catch {
    return new Intl.NumberFormat(locale(), { minimumFractionDigits: 2 });
  }
});

const pieces = (money, { plus = false, whole = false } = {}) => {
  // Intl takes decimal texts as they are: no digit is lost.
  const parts = formats(money.currency, whole).formatToParts(money.amount.replace('-', ''));
  const sign = isNegative(money) && !isZero(money) ? '−' : plus && !isZero(money) ? '+' : '';
  return { sign, parts: parts.filter(part => part.type !== 'minusSign' && part.type !== 'plusSign') };
};

/** As plain text, for labels and titles. */
export const moneyText = (money, options = {}) => {
  if (!money) return t('unknown');
  if (isHidden() && !options.shown) return t('hidden_amount');
  const { sign, parts } = pieces(money, options);
  return sign + parts.map(part => part.value).join('');
};

/** Whether amounts are hidden at the moment: then they are not even in the page. */
export const isHidden = () => document.documentElement.dataset.privacy === 'on';

/**
 * As an element. `tone`: green for money in. `big`: the one figure of a card, its cents dimmed.
 */
export function moneyHTML(money, { tone = false, plus = false, big = false, whole = false, more = '' } = {}) {
  if (!money) return raw(`<span class="money faint ${more}">${escape(t('unknown'))}</span>`);
  const classes = ['money', big ? 'big' : '', tone && !isNegative(money) && !isZero(money) ? 'in' : '', more].filter(Boolean).join(' ');
  if (isHidden()) return raw(`<span class="${classes} veiled"><span aria-hidden="true">•••••</span><span class="vh">${escape(t('hidden_amount'))}</span></span>`);
  const { sign, parts } = pieces(money, { plus, whole });
  const text = parts.map(part => big && (part.type === 'fraction' || part.type === 'decimal')
    ? `<span class="c">${escape(part.value)}</span>` : escape(part.value)).join('');
  return raw(`<span class="${classes}">${sign}${text}</span>`);
}

/** For axes: $420k. */
export const shortMoney = (value, currency) => {
  if (isHidden()) return '•••';
  const text = memo(`short ${locale()} ${currency}`, () => new Intl.NumberFormat(locale(), {
    style: 'currency', currency, currencyDisplay: 'narrowSymbol', notation: 'compact', maximumFractionDigits: 1,
  })).format(Math.abs(value));
  return (value < 0 ? '−' : '') + text;
};

export const number = (value, options = {}) =>
  memo(`number ${locale()} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale(), options)).format(value);
export const percent = part => number(part, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

// Days are days: never shifted by a zone.
const noon = day => new Date(`${day}T12:00:00Z`);
const dayFormat = (key, options) => memo(`day ${locale()} ${key}`, () => new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', ...options }));

/** The household's today, as the server last said it. */
let today = new Date().toISOString().slice(0, 10);
export const setToday = day => { today = day; };
export const todayDay = () => today;
export const addDays = (day, count) => { const date = noon(day); date.setUTCDate(date.getUTCDate() + count); return date.toISOString().slice(0, 10); };

/** 19 Nov; another year: 19 Nov 2025. */
export const dayText = day => {
  if (!day) return t('unknown');
  const isThisYear = day.slice(0, 4) === today.slice(0, 4);
  return dayFormat(isThisYear ? 'short' : 'year', isThisYear ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'short', year: 'numeric' }).format(noon(day));
};
/** Saturday 21 November, after Today or Yesterday where it is that. */
export const dayHead = day => {
  const isThisYear = day.slice(0, 4) === today.slice(0, 4);
  const text = dayFormat(isThisYear ? 'head' : 'head year', {
    weekday: 'long', day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(noon(day));
  if (day === today) return `${t('today')}, ${text}`;
  if (day === addDays(today, -1)) return `${t('yesterday')}, ${text}`;
  return text;
};
export const dayLong = day => dayFormat('long', { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' }).format(noon(day));
/** [[1, 'Monday'], …]. */
export const weekdays = () => [1, 2, 3, 4, 5, 6, 7].map(day => [day, dayFormat('weekday', { weekday: 'long' }).format(noon(`2024-01-0${day}`))]);
export const monthText = (month, long = false) =>
  dayFormat(long ? 'month long' : 'month', long ? { month: 'long', year: 'numeric' } : { month: 'short' }).format(noon(`${month.slice(0, 7)}-15`));

/** 4 min ago, then the hour of today, then how many days ago. */
export function age(instant) {
  if (!instant) return t('never');
  const then = new Date(instant);
  const minutes = Math.floor((Date.now() - then) / 60_000);
  const relative = memo(`relative ${locale()}`, () => new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' }));
  if (minutes < 1) return t('just_now');
  if (minutes < 60) return relative.format(-minutes, 'minute');
  if (then.toDateString() === new Date().toDateString()) return clock(then);
  const days = Math.max(1, Math.round(minutes / 1440));
  return days < 60 ? relative.format(-days, 'day') : dayText(then.toISOString().slice(0, 10));
}
const clock = date => memo(`clock ${locale()}`, () => new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit' })).format(date);
export const instantText = instant => instant
  ? memo(`instant ${locale()}`, () => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' })).format(new Date(instant)) : t('never');
export const ageHTML = instant => raw(instant
  ? `<time datetime="${escape(instant)}" title="${escape(instantText(instant))}">${escape(age(instant))}</time>` : escape(t('never')));

/** A bank's word in capitals, such as FOOD_AND_DRINK_COFFEE, as a person would write it. */
export function words(code) {
  if (!code) return t('uncategorised');
  const known = t.has(`category.${code}`) ? t(`category.${code}`) : null;
  if (known) return known;
  const text = code.replaceAll('_', ' ').replaceAll('.', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** One of six colours that stays with a name for ever. */
export const tint = code => {
  let hash = 7;
  for (const sign of String(code ?? '')) hash = (hash * 31 + sign.codePointAt(0)) % 9973;
  return `k${hash % 5 + 1}`;
};
