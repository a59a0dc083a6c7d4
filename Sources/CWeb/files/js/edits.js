// What people write on transactions: shown at once, sent, and put back when it is refused. Every change can be taken
// back, by its line at the foot of the page, by z, or in the history.

import { patch, post, put, remove, Refusal } from './api.js';
import { announce } from './live.js';
import { t, refusalText } from './texts.js';
import { toast } from './ui/toast.js';
import { drop, flush, isAway, isWaiting, startWaiting, wait } from './waiting.js';

const done = [];
const undone = [];

/** Takes the change back and tells what changed. */
export async function undo(change = done.at(-1), { isRedo = false } = {}) {
  if (!change) { toast(t('undo.nothing')); return; }
  try {
    const { change: opposite } = await post(`/v1/changes/${change}/undo`, {}, { repeatable: true });
    const at = done.indexOf(change);
    if (at >= 0) done.splice(at, 1);
    (isRedo ? done : undone).push(opposite);
    toast(t(isRedo ? 'redo.done' : 'undo.done'));
    announce('transactions', { undo: true });
  } catch (error) { toast(refusalText(error), { bad: true }); }
}

export const redo = async () => {
  const change = undone.pop();
  if (change) await undo(change, { isRedo: true }); else toast(t('redo.nothing'));
};

/** Keeps what can be taken back, and says so. */
export const remember = (change, text) => {
  if (!change) { toast(text); return; }
  done.push(change);
  undone.length = 0;
  toast(text, { action: () => undo(change) });
};

/** `set`: what the server gets; `show(row)`: how it looks until it has answered; `put(row)` shows a row. */
export async function write(row, set, { guess = {}, text, put: show }) {
  show({ ...row, ...guess });
  try {
    // What waits for this row was written first, and goes first.
    if (isWaiting(row.id)) {
      await flush();
      if (isWaiting(row.id)) throw new Refusal(0, { code: 'offline' });
    }
    const { body, change } = await patch(`/v1/transactions/${row.id}`, set, { told: true });
    show(body);
    remember(change, text(body));
    announce('transactions', { id: row.id });
    return body;
  } catch (error) {
    if (isAway(error)) {
      const isKept = wait(row, set);
      show(isKept ? { ...row, ...guess, waiting: true } : row);
      toast(t(isKept ? 'waiting.kept' : 'waiting.full'), isKept ? { action: () => { drop(row.id); show({ ...row, waiting: false }); }, verb: t('waiting.discard') } : { bad: true });
      return row;
    }
    show(row);
    toast(refusalText(error), { bad: true, action: () => write(row, set, { guess, text, put: show }), verb: t('try_again') });
    return row;
  }
}

export async function split(row, splits, show) {
  const { body, change } = await put(`/v1/transactions/${row.id}/splits`, { splits }, { told: true });
  show(body);
  remember(change, t(splits.length ? 'split.done' : 'split.joined', { count: splits.length }));
  announce('transactions', { id: row.id });
  return body;
}

export async function erase(row) {
  try {
    const { change } = await remove(`/v1/transactions/${row.id}`, { told: true });
    remember(change, t('delete.done', { name: row.name }));
    announce('transactions', { id: row.id });
    return true;
  } catch (error) { toast(refusalText(error), { bad: true }); return false; }
}

/** The same on many: one change, one undo. */
export async function writeMany(what, text) {
  try {
    const body = await post('/v1/transactions/bulk', what, { repeatable: true });
    remember(body.change, body.changed ? text(body.changed) : t('bulk.nothing'));
    announce('transactions', {});
    return body;
  } catch (error) { toast(refusalText(error), { bad: true }); return null; }
}

/** What waited is sent: it can be taken back like any other change. */
export const watchWaiting = () => startWaiting(changes => {
  for (const change of changes.slice(0, -1)) if (change) done.push(change);
  remember(changes.at(-1), t('waiting.sent', { count: changes.length }));
});
