// What people write on transactions: shown at once, sent, and put back when it is refused. Every change can be taken
// back, by its line at the foot of the page, by z, or in the history.

import { isOffline, patch, post, put, remove, Refusal } from './api.js';
import { announce } from './live.js';
import { t, refusalText } from './texts.js';
import { toast } from './ui/toast.js';
import { drop, flush, isAway, isWaiting, startWaiting, wait } from './waiting.js';

const done = [];
const undone = [];

/** Takes the change back, or several that were sent together, and tells what changed. */
export async function undo(change = done.at(-1), { isRedo = false } = {}) {
  if (!change) { toast(t('undo.nothing')); return; }
  try {
    const opposites = [];
    for (const each of [change].flat().toReversed()) opposites.push((await post(`/v1/changes/${each}/undo`, {}, { repeatable: true })).change);
    const at = done.indexOf(change);
    if (at >= 0) done.splice(at, 1);
    (isRedo ? done : undone).push(opposites);
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

/** Written where nobody answers: kept here and sent later. `guesses`: the rows as they look until then. */
function keepWaiting(edits, guesses, show) {
  const isKept = wait(edits);
  for (const [at, { row }] of edits.entries()) show(isKept ? { ...row, ...guesses[at], waiting: true } : row);
  toast(t(isKept ? 'waiting.kept' : 'waiting.full'), isKept ? { action: () => { drop(edits.map(each => each.row.id)); for (const { row } of edits) show({ ...row, waiting: false }); }, verb: t('waiting.discard') } : { bad: true });
  return isKept;
}

/** What waits for these rows was written first, and goes first. */
async function goFirst(rows) {
  if (!rows.some(row => isWaiting(row.id))) return;
  await flush();
  if (rows.some(row => isWaiting(row.id))) throw new Refusal(0, { code: 'offline' });
}

/** `set`: what the server gets; `show(row)`: how it looks until it has answered; `put(row)` shows a row. */
export async function write(row, set, { guess = {}, text, put: show }) {
  show({ ...row, ...guess });
  try {
    await goFirst([row]);
    const { body, change } = await patch(`/v1/transactions/${row.id}`, set, { told: true });
    show(body);
    remember(change, text(body));
    announce('transactions', { id: row.id });
    return body;
  } catch (error) {
    if (isAway(error)) { keepWaiting([{ row, set }], [guess], show); return row; }
    show(row);
    toast(refusalText(error), { bad: true, action: () => write(row, set, { guess, text, put: show }), verb: t('try_again') });
    return row;
  }
}

export async function split(row, splits, show) {
  let answer;
  try {
    await goFirst([row]);
    answer = await put(`/v1/transactions/${row.id}/splits`, { splits }, { told: true });
  } catch (error) {
    if (!isAway(error)) throw error;
    keepWaiting([{ row, set: { splits } }], [{ splits }], show);
    return row;
  }
  const { body, change } = answer;
  show(body);
  remember(change, t(splits.length ? 'split.done' : 'split.joined', { count: splits.length }));
  announce('transactions', { id: row.id });
  return body;
}

export async function erase(row, show) {
  try {
    await goFirst([row]);
    const { change } = await remove(`/v1/transactions/${row.id}`, { told: true });
    remember(change, t('delete.done', { name: row.name }));
    announce('transactions', { id: row.id });
    return true;
  } catch (error) {
    if (isAway(error)) return keepWaiting([{ row, set: { deleted: true } }], [{ deleted: true }], show);
    toast(refusalText(error), { bad: true });
    return false;
  }
}

/** What a change to many means for one of them. */
const onOne = (row, { set = {}, add_tags: added, deleted }) => ({
  ...set, ...(added ? { tags: [...new Set([...(row.tags ?? []), ...added])] } : {}), ...(deleted ? { deleted } : {}),
});

/** The same on many: one change, one undo. `rows` are those that `what.ids` names, and `show(row)` shows one that waits. */
export async function writeMany(what, text, { rows = [], show } = {}) {
  try {
    await goFirst(rows);
    // Where nobody answered before, nobody is asked four times.
    const body = await post('/v1/transactions/bulk', what, { repeatable: !isOffline() });
    remember(body.change, body.changed ? text(body.changed) : t('bulk.nothing'));
    announce('transactions', {});
    return body;
  } catch (error) {
    if (isAway(error) && rows.length) {
      const edits = rows.map(row => ({ row, set: onOne(row, what) }));
      return keepWaiting(edits, edits.map(each => each.set), show) ? { waits: true } : null;
    }
    toast(refusalText(error), { bad: true });
    return null;
  }
}

/** What waited is sent: it can be taken back like any other change, all of it at once. */
export const watchWaiting = () => startWaiting((changes, count) => remember(changes.length ? changes : null, t('waiting.sent', { count })));
