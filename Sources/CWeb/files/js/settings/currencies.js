// What are other currencies worth here? Rates by day, typed in or read from the European Central Bank's file.

import { get as ask, post, upload } from '../api.js';
import { html, render, find, on } from '../dom.js';
import { accounts, isAtLeast } from '../data.js';
import { dayText, readAmount, todayDay } from '../format.js';
import { announce } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { field, mark, runForm } from '../ui/form.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  const paint = async () => {
    const [{ data }, list] = await Promise.all([ask('/v1/rates?limit=100'), accounts()]);
    const base = get('household').base_currency;
    const wanted = [...new Set(list.map(each => each.currency))].filter(each => each !== base);
    const known = new Set(data.flatMap(each => [each.currency, each.quote]));
    const missing = wanted.filter(each => !known.has(each));
    render(root, html`<section class="card" aria-labelledby="rates-h"><h2 id="rates-h">${t('settings.currencies')}</h2><p class="s muted">${t('rates.words', { base })}</p>
      ${missing.length ? html`<div class="banner warn"><div>${t('rates.missing', { list: missing.join(', ') })}</div></div>` : ''}
      ${isAtLeast('member') ? html`<form class="stack" id="rate"><div data-problem></div><div class="pair">${field({ id: 'currency', label: t('rates.one'), value: missing[0] ?? wanted[0] ?? (base === 'EUR' ? 'USD' : 'EUR') })}${field({ id: 'quote', label: t('rates.costs_in'), value: base })}</div>
        <div class="pair">${field({ id: 'rate-value', label: t('rates.rate'), mode: 'decimal' })}<div class="field"><label for="rate-day">${t('day')}</label><input class="input" type="date" id="rate-day" name="day" required value="${todayDay()}" max="${todayDay()}"></div></div>
        <div class="actions"><button class="btn primary" type="submit">${t('rates.verb')}</button></div></form>
        <div class="field"><label for="ecb">${t('rates.file')}</label><input class="input" type="file" id="ecb" accept=".xml,text/xml,application/xml"><span class="hint">${t('rates.file_hint')}</span></div>` : ''}
      ${data.length ? html`<div class="scroll" tabindex="0" role="region" aria-labelledby="rates-h"><table><caption class="vh">${t('settings.currencies')}</caption><thead><tr><th scope="col">${t('day')}</th><th scope="col">${t('rates.pair')}</th><th scope="col" class="n">${t('rates.rate')}</th><th scope="col">${t('rates.source')}</th></tr></thead><tbody>${data.map(each => html`<tr><td>${dayText(each.day)}</td><td>${each.currency} → ${each.quote}</td><td class="n">${each.rate}</td><td>${t(`rates.source.${each.source}`)}</td></tr>`)}</tbody></table></div>` : html`<p class="s muted">${t('rates.none')}</p>`}</section>`);
    const form = find('#rate', root);
    if (form) {
      runForm(form, async typed => {
        const rate = readAmount(typed['rate-value']);
        if (rate === null) { mark(form, 'rate-value', t('field.amount')); find('#rate-value', form).focus(); return; }
        await told(post('/v1/rates', { rates: [{ currency: typed.currency.trim().toUpperCase(), quote: typed.quote.trim().toUpperCase(), day: typed.day, rate }] }));
      });
    }
  };
  const told = async sending => { const { kept } = await sending; toast(t('rates.kept', { count: kept })); announce('accounts'); await paint(); };
  const end = on(root, 'change', '#ecb', async (event, input) => {
    const [file] = input.files;
    if (!file) return;
    try { await told(upload('/v1/rates/ecb', file)); } catch (error) { toast(Object.values(error.fields ?? {})[0] ? t('field.wrong', { what: Object.values(error.fields)[0] }) : refusalText(error), { bad: true }); input.value = ''; }
  });
  await paint();
  return end;
}
