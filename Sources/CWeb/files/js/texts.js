// Which language, and its texts. Keys say the meaning; {name} is filled in; a text with several forms by number is an
// object of plural categories, chosen by `count`.

import { choice } from './store.js';

export const languages = { en: 'English', de: 'Deutsch' };
let current = {};
let names = {};
let tag = 'en-US';

/** The language tag that numbers and days follow: the browser's own where it is the same language. */
export const language = () => tag;
export const languageCode = () => tag.slice(0, 2);

export async function useLanguage(wanted) {
  const wishes = [wanted, choice.get('language'), ...navigator.languages].filter(Boolean);
  const code = wishes.map(wish => wish.slice(0, 2).toLowerCase()).find(wish => wish in languages) ?? 'en';
  [current, names] = (await Promise.all([import(`./texts/${code}.js`), code === 'en' ? null : import(`./texts/${code}.names.js`)])).map(each => each?.default ?? {});
  tag = navigator.languages.find(each => each.toLowerCase().startsWith(code)) ?? (code === 'en' ? 'en-US' : code);
  document.documentElement.lang = code;
}

/** What the server names in English and nobody has renamed, in the language of the page. */
export const named = name => names[name] ?? name;

export function t(key, values = {}) {
  let text = current[key];
  if (text === undefined) return key;
  if (typeof text === 'object') text = text[new Intl.PluralRules(tag).select(Number(values.count ?? 0))] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(tag).format(value) : String(value);
  });
}
t.has = key => current[key] !== undefined;

/** What a refusal means, for people: by its code where we have words, else as the server said it. */
export function refusalText(error) {
  const key = `problem.${error.code}`;
  if (t.has(key)) return t(key, { seconds: error.retryAfter ?? 5 });
  if (error.code === undefined) return t('problem.internal');
  return error.detail || error.title || t('problem.internal');
}
