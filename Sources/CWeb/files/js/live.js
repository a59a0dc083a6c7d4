// What others, banks and jobs change, without reloading. One tab of the browser asks the server and tells the others:
// a lock elects it, a channel shares. A server that has an event stream is listened to; another is asked gently, with
// conditional reads that cost next to nothing when nothing changed.

import { can, get, isSignedIn, forget } from './api.js';

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('magpie') : null;
const watchers = new Set();

/** Tells of changes: { kind: 'connections' | 'accounts' | 'transactions' | …, data }. */
export function onChange(act) { watchers.add(act); return () => watchers.delete(act); }

function tell(change) {
  forget('/v1/');
  for (const act of [...watchers]) act(change);
}

/** What this page has read anew is news for its own parts alone. */
export const tellHere = kind => tell({ kind, data: null });

/** A change made here is news for the other tabs, and for what this page shows beside the place it was made in. */
export function announce(kind, data) {
  channel?.postMessage({ kind, data: data && { ...data, isFar: true } });
  tell({ kind, data });
}

channel?.addEventListener('message', event => tell(event.data));

function share(change) { channel?.postMessage(change); tell(change); }

export function watchServer() {
  const lead = can('GET /v1/events') ? listen : poll;
  if (navigator.locks) navigator.locks.request('magpie-live', lead).catch(() => {});
  else lead();
}

// MARK: Asking

const pauses = { calm: 30_000, busy: 1_500, hidden: 120_000 };
let hurry = 0;
/** Something is under way, so news is expected soon. */
export function expectNews(seconds = 60) {
  hurry = Date.now() + seconds * 1000;
  channel?.postMessage({ kind: 'hurry', data: hurry });
  wake?.();
}
onChange(change => { if (change.kind === 'hurry') { hurry = Math.max(hurry, change.data); wake?.(); } });
/** How many rows of each connection were read so far, while one is being read. */
export const reading = new Map();
onChange(change => {
  if (change.kind !== 'reading') return;
  if (change.data.rows) reading.set(change.data.connection, change.data.rows); else reading.delete(change.data.connection);
});
let wake = null;

async function poll() {
  const seen = new Map();
  while (isSignedIn()) {
    const pause = Date.now() < hurry ? pauses.busy : document.visibilityState === 'hidden' ? pauses.hidden : pauses.calm;
    await new Promise(done => { const timer = setTimeout(done, pause); wake = () => { clearTimeout(timer); done(); }; });
    for (const kind of ['connections', 'accounts']) {
      try {
        const body = await get(`/v1/${kind}?limit=500`);
        const text = JSON.stringify(body.data);
        if (seen.has(kind) && seen.get(kind) !== text) {
          share({ kind, data: null });
          if (kind === 'connections') share({ kind: 'transactions', data: null });
        }
        seen.set(kind, text);
      } catch { /* the next round tells */ }
    }
  }
}

// MARK: Listening

/** What the server calls things, and what they are news of here. */
const kinds = {
  'transaction.added': ['transactions'], 'transaction.changed': ['transactions'],
  'transaction.removed': ['transactions'], 'transaction.sorted': ['transactions'],
  'account.added': ['accounts'], 'account.changed': ['accounts'], 'connection.added': ['connections', 'accounts'],
  'connection.removed': ['connections', 'accounts'], 'categories.changed': ['categories'],
  'tags.changed': ['categories'], 'merchants.changed': ['transactions'], 'saved_views.changed': ['views'],
  'connection.changed': ['connections', 'accounts'], 'sync.started': ['connections'], 'sync.progress': ['connections'],
  'sync.finished': ['connections', 'accounts', 'transactions'], 'notification.added': ['notifications'],
  'rules.changed': ['rules'], 'plans.changed': ['plans'], 'household.changed': ['household', 'members'], 'data.erased': ['connections', 'accounts', 'transactions', 'resync'], reset: ['resync'],
};

/** A sync may bring many events at once: each kind is told of once in a while, with all that was meant. */
const gathered = new Map();
let gathering = null;
function gather(kind, data) {
  const before = gathered.get(kind);
  gathered.set(kind, before ? { ids: before.ids && data?.ids ? [...before.ids, ...data.ids] : null } : { ids: data?.ids ?? null });
  gathering ??= setTimeout(() => {
    gathering = null;
    const all = [...gathered];
    gathered.clear();
    for (const [each, { ids }] of all) share({ kind: each, data: ids && ids.length <= 20 ? { ids } : null });
  }, 250);
}

/** Never ends while the tab lives: whoever waits for the lock comes after it. */
function listen() {
  return new Promise(() => {
    const source = new EventSource('/v1/events');
    for (const [name, meant] of Object.entries(kinds)) {
      source.addEventListener(name, event => {
        let data = null;
        try { data = JSON.parse(event.data); } catch { /* an event without words */ }
        if (name.startsWith('sync.') && data?.connection) share({ kind: 'reading', data: { connection: data.connection, rows: name === 'sync.progress' ? data.rows : null } });
        for (const kind of meant) gather(kind, data);
      });
    }
    source.addEventListener('error', () => {
      // Browsers come again by themselves, unless the answer was a refusal: then it is asked as before.
      if (source.readyState === EventSource.CLOSED && isSignedIn()) poll();
    });
  });
}
