// What was written on transactions while the server did not answer: kept in this browser for the person and household,
// shown as waiting, and sent when it answers again. What was changed elsewhere meanwhile is never written over unasked.
// Only what the person wrote is kept, with what stood there before: no amounts, no secrets.

import { get as ask, onConnection, patch } from './api.js';
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
const isSame = (one, other) => JSON.stringify(Array.isArray(one) ? [...one].sort() : one ?? null) === JSON.stringify(Array.isArray(other) ? [...other].sort() : other ?? null);

/** Keeps an edit of one transaction; false where there is no room. A later edit of the same takes the place of the first. */
export function wait(row, fields) {
  const list = read();
  const there = list.find(each => each.id === row.id && !each.stuck);
  if (there) Object.assign(there, { set: { ...there.set, ...fields }, seen: { ...Object.fromEntries(Object.keys(fields).map(key => [key, row[key] ?? null])), ...there.seen } });
  else if (list.length >= most) return false;
  else list.push({ id: row.id, set: fields, seen: Object.fromEntries(Object.keys(fields).map(key => [key, row[key] ?? null])) });
  const isKept = keep(list);
  again(0);
  return isKept;
}
export const isWaiting = id => read().some(each => each.id === id && !each.stuck);
/** Forgets what waits for a transaction. */
export const drop = id => keep(read().filter(each => each.id !== id));
export const dropAll = () => keep([]);

/** `told(changes)`: what was sent, as the server names the changes. */
let told = () => {};
async function send() {
  const changes = [];
  for (const each of read().filter(one => !one.stuck)) {
    const settle = stuck => keep(read().flatMap(one => one.id !== each.id || one.stuck ? [one] : stuck ? [{ ...one, stuck }] : []));
    let now;
    try {
      now = await ask(`/v1/transactions/${each.id}`);
      const isOther = !now.deleted && Object.keys(each.set).some(key => !isSame(now[key], each.seen[key]) && !isSame(now[key], each.set[key]));
      if (now.deleted) settle({ gone: true });
      else if (isOther) settle({ now: Object.fromEntries(Object.keys(each.set).map(key => [key, now[key] ?? null])) });
      else {
        const { change } = await patch(`/v1/transactions/${each.id}`, each.set, { told: true });
        settle(null);
        changes.push(change);
        announce('transactions', { id: each.id });
      }
    } catch (error) {
      if (isAway(error) || error.status === 401 || error.status === 429) { again(); break; }
      settle(error.status === 404 ? { gone: true } : { why: refusalText(error), now: Object.fromEntries(Object.keys(each.set).map(key => [key, now?.[key] ?? null])) });
    }
  }
  if (changes.length) told(changes);
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
    const { change } = await patch(`/v1/transactions/${each.id}`, each.set, { told: true });
    told([change]);
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
