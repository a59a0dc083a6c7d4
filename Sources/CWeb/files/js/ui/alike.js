// One correction may be meant for more: for that row alone, for all of its merchant, or as a rule. Offered with how many and
// how much, never done by itself.

import { can, get as ask, post } from '../api.js';
import { moneyText } from '../format.js';
import { announce } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { remember } from '../edits.js';
import { toast } from './toast.js';

export async function offerAlike(row, code) {
  const asksAll = can('GET /v1/transactions/{id}/corrections');
  if (!asksAll && !can('POST /v1/transactions/{id}/alike')) return;
  try {
    const found = await ask(asksAll ? `/v1/transactions/${row.id}/corrections?category=${encodeURIComponent(code)}` : `/v1/transactions/${row.id}/alike`);
    const alike = found.alike ?? found;
    if (alike.count < 2 && !asksAll) return;
    const { merchant } = found;
    const category = get('categoryNames').get(code) ?? code;
    const draft = found.rule?.draft ?? { name: merchant, when: { all: [{ text: 'any', contains: merchant }] }, then: { category: code } };
    const act = async (meant, text) => {
      try {
        const { body, change } = await post(asksAll ? `/v1/transactions/${row.id}/corrections` : `/v1/transactions/${row.id}/alike`, { category: code, ...(asksAll ? { for: meant } : {}) }, { repeatable: asksAll, told: true });
        remember(change, text(body));
        announce('transactions', { undo: true });
      } catch (error) { toast(refusalText(error), { bad: true }); }
    };
    const words = alike.count < 2 ? t('alike.from_now', { merchant }) : t('alike.offer', { count: alike.count, merchant, sum: alike.sums.map(each => moneyText(each)).join(', ') });
    toast(words, {
      ...(alike.count < 2 ? {} : { verb: t('alike.verb', { category }), action: () => act('alike', body => t('bulk.filed', { count: body.filed ?? body.count, category })) }),
      more: [
        ...(asksAll ? [{ verb: t('alike.one'), action: () => act('one', () => t('alike.one_done')) }] : []),
        ...(can('POST /v1/rules') ? [{ verb: t('rules.new'), action: async () => (await import('./ruleform.js')).openRule(draft) }] : []),
      ],
    });
  } catch { /* an offer, nothing more */ }
}
