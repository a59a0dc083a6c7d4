// One correction is often meant for all of that merchant: offered with how many and how much, never done by itself.

import { can, get as ask, post } from '../api.js';
import { moneyText } from '../format.js';
import { announce } from '../live.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { undo } from '../edits.js';
import { toast } from './toast.js';

export async function offerAlike(row, code) {
  if (!can('POST /v1/transactions/{id}/alike')) return;
  try {
    const alike = await ask(`/v1/transactions/${row.id}/alike`);
    if (alike.count < 2) return;
    const category = get('categoryNames').get(code) ?? code;
    const rule = { name: alike.merchant, when: { all: [{ text: 'any', contains: alike.merchant }] }, then: { category: code } };
    toast(t('alike.offer', { count: alike.count, merchant: alike.merchant, sum: alike.sums.map(each => moneyText(each)).join(', ') }), {
      verb: t('alike.verb', { category }),
      action: async () => {
        try {
          const { body, change } = await post(`/v1/transactions/${row.id}/alike`, { category: code }, { told: true });
          toast(t('bulk.filed', { count: body.count, category }), change ? { action: () => undo(change) } : {});
          announce('transactions', { undo: true });
        } catch (error) { toast(refusalText(error), { bad: true }); }
      },
      more: can('POST /v1/rules') ? [{ verb: t('rules.new'), action: async () => (await import('./ruleform.js')).openRule(rule) }] : [],
    });
  } catch { /* an offer, nothing more */ }
}
