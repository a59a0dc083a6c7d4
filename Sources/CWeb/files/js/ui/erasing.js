// Erasing for good: asked before, done by the server by and by, and said when all of it is gone.

import { can, get as ask, post } from '../api.js';
import { number } from '../format.js';
import { announce } from '../live.js';
import { t, refusalText } from '../texts.js';
import { confirm } from './dialog.js';
import { toast } from './toast.js';

export const canErase = what => can(`POST /v1/${what}/erase`);
const wait = pause => new Promise(done => setTimeout(done, pause));

/**
 * Asks, erases, and tells. `word` has to be typed first; `body` is what the server wants of it.
 * Gives the erasure, or null where the person thought better of it.
 */
export async function erase(path, { title, words, verb = t('erase.verb'), word, body, told }) {
  if (!await confirm({ title, words, verb, word })) return null;
  try {
    const erasure = await post(path, body);
    if (told) await told(erasure);
    else follow(erasure).catch(error => toast(refusalText(error), { bad: true }));
    return erasure;
  } catch (error) {
    if (error.code !== 'cancelled') toast(refusalText(error), { bad: true });
    return null;
  }
}

/** Tells when it is done; what is long under way says how far it is. */
export async function follow(erasure) {
  let told = erasure.state === 'done' ? null : toast(t('erase.begun'));
  for (let round = 0; erasure.state !== 'done'; round += 1) {
    await wait(Math.min(400 + 200 * round, 4_000));
    const now = await ask(`/v1/erasures/${erasure.id}`);
    if (round % 5 === 4 && now.state !== 'done') { told?.(); told = toast(now.problem ?? t('erase.goes_on', { count: now.rows })); }
    erasure = now;
  }
  told?.();
  toast(t('erase.done', { count: erasure.rows }));
  for (const kind of ['connections', 'accounts', 'transactions']) announce(kind, { undo: true });
}

/** What is still being erased, as a line. */
export const erasureText = each => each.problem ?? (each.state === 'done' ? t('erase.done', { count: each.rows }) : `${t(`erase.what.${each.what}`)}: ${t('erase.so_far', { count: number(each.rows) })}`);
