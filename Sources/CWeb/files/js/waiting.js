// What was written on transactions while the server did not answer: kept in this browser for the person and household,
// shown as waiting, and sent when it answers again. What was changed elsewhere meanwhile is never written over unasked.
// Only what the person wrote is kept, with what stood there before: no amounts, no secrets.

import { get as ask, lastTag, onConnection, patch, put, remove } from './api.js';
import { announce } from './live.js';
import { get, set, watch } from './store.js';
import { refusalText } from './texts.js';

const most = 200;
const pauses = [1_000, 2_000, 5_000, 10_000, 30_000];
const name = () => get('me') && get('household') ? `magpie.waiting.${get('me').id}.${get('household').id}` : null;

function read() {
  try { return JSON.parse(localStorage.getItem(name())) ?? []; } catch { return []; }
}
function keep(list) {
  try {
    if (list.length) localStorage.setItem(name(), JSON.stringify(list)); else localStorage.removeItem(name());
  } catch { return false; }
  tell(list);
  return true;
}
const tell = (list = read()) => set('waiting', { count: list.filter(each => !each.stuck).length, stuck: list.filter(each => each.stuck) });

/** Whether nobody answered, as against refused. */
export const isAway = error => error.code === 'offline' || [502, 503, 504].includes(error.status);
/** The same whatever the order of tags, and whoever left an empty note out of a part. */
const plain = value => JSON.stringify(!Array.isArray(value) ? value ?? null
  : value.map(each => each?.amount ? [each.amount.amount, each.category ?? null, each.note ?? null] : each).sort());
export const isSame = (one, other) => plain(one) === plain(other);
/** Whoever deletes has seen what was written on it: somebody's writing meanwhile is a reason to ask. */
const writings = ['category', 'name', 'notes', 'tags', 'splits'];

/**
 * Keeps edits, [{ row, set }]: all of them, or none where there is no room. `set` has the fields of a transaction, `splits`
 * and `deleted` among them. A later edit of the same row takes the place of the first.
 */
export function wait(edits) {
  const list = read();
  for (const { row, set } of edits) {
    const fields = [...Object.keys(set), ...(set.deleted ? writings : [])];
    const seen = Object.fromEntries(fields.map(key => [key, row[key] ?? null]));
    const there = list.find(each => each.id === row.id && !each.stuck);
    if (there) Object.assign(there, { set: { ...there.set, ...set }, seen: { ...seen, ...there.seen } });
    else if (list.length >= most) return false;
    else list.push({ id: row.id, set, seen });
  }
  const isKept = keep(list);
  again(0);
  return isKept;
}
export const isWaiting = id => read().some(each => each.id === id && !each.stuck);
/** Forgets what waits for transactions. */
export const drop = ids => keep(read().filter(each => !ids.includes(each.id)));
export const dropAll = () => keep([]);

/** Writes it, on that state alone where its tag is given. Gives the changes by which it can be taken back. */
async function writeOut({ id, set }, tag) {
  const path = `/v1/transactions/${id}`;
  const { splits, deleted, ...fields } = set;
  if (deleted) return [(await remove(path, { told: true, ifMatch: tag })).change];
  const changes = [];
  if (Object.keys(fields).length) {
    const done = await patch(path, fields, { told: true, ifMatch: tag });
    changes.push(done.change);
    tag = tag && done.tag;
  }
  if (splits) changes.push((await put(`${path}/splits`, { splits }, { told: true, ifMatch: tag })).change);
  return changes.filter(Boolean);
}

/** `told(changes, count)`: what was sent, as the server names the changes. */
let told = () => {};
async function send() {
  const changes = [];
  let count = 0;
  for (const each of read().filter(one => !one.stuck)) {
    const settle = stuck => keep(read().flatMap(one => one.id !== each.id || one.stuck ? [one] : stuck ? [{ ...one, stuck }] : []));
    const path = `/v1/transactions/${each.id}`;
    const standing = () => Object.fromEntries(Object.keys(each.seen).map(key => [key, now?.[key] ?? null]));
    let now;
    try {
      // Read, compared and written on that very state: who is quicker meanwhile is read and compared again.
      for (let isOpen = true; isOpen;) {
        isOpen = false;
        now = await ask(path);
        const isOther = Object.keys(each.seen).some(key => !isSame(now[key], each.seen[key]) && !(key in each.set && isSame(now[key], each.set[key])));
        if (now.deleted) settle(each.set.deleted ? null : { gone: true });
        else if (isOther) settle({ now: standing() });
        else {
          try {
            changes.push(...await writeOut(each, lastTag(path)));
            count += 1;
            settle(null);
            announce('transactions', { id: each.id });
          } catch (error) {
            if (error.status !== 412) throw error;
            isOpen = true;
          }
        }
      }
    } catch (error) {
      if (isAway(error) || error.status === 401 || error.status === 429) { again(); break; }
      settle(error.status === 404 ? { gone: true } : { why: refusalText(error), now: standing() });
    }
  }
  if (count) told(changes, count);
}

/** One tab sends; what another has sent by then is no longer in the list. */
export const flush = () => navigator.locks ? navigator.locks.request('magpie-waiting', send) : send();

let attempt = 0;
let timer;
function again(from = attempt + 1) {
  attempt = Math.min(from, pauses.length - 1);
  clearTimeout(timer);
  timer = setTimeout(async () => {
    if (!read().some(each => !each.stuck)) return;
    const answers = await fetch('/health', { cache: 'no-store' }).then(response => response.ok, () => false);
    if (answers) flush(); else again();
  }, pauses[attempt] * (0.8 + Math.random() * 0.4));
}

/** A choice about what was changed meanwhile: mine is written over it, theirs stays. */
export async function decide(each, isMine) {
  const gone = () => keep(read().filter(one => !(one.stuck && one.id === each.id && isSame(Object.keys(one.set), Object.keys(each.set)))));
  if (isMine) {
    told(await writeOut(each), 1);
  }
  gone();
  announce('transactions', { id: each.id });
}

export function startWaiting(act) {
  told = act;
  tell();
  onConnection(isLost => { if (!isLost && read().some(each => !each.stuck)) flush(); });
  addEventListener('online', () => again(0));
  addEventListener('storage', event => { if (event.key === name()) tell(); });
  watch('household', () => tell());
  if (read().some(each => !each.stuck)) flush();
}
