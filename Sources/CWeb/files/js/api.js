// Asking the server: JSON in and out, proof that a change comes from this page, keys for what must not be done twice,
// and conditional reads so that what did not change is not sent again.

export const start = JSON.parse(document.getElementById('start').textContent);

/** Whether this server can be asked that, such as can('GET /v1/rules'). */
const offered = new Set(start.operations);
export const can = operation => offered.has(operation);

/** What a refusal says. `code` never changes; `offline` is ours, for no answer at all. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? '');
    this.status = status;
    this.code = body.code ?? 'internal';
    this.title = body.title ?? '';
    this.detail = body.detail;
    this.fields = Object.fromEntries((body.errors ?? []).map(each => [each.pointer ?? each.name, each.detail]));
    this.requestID = body.request_id;
    this.retryAfter = body.retry_after;
  }
}

const state = { household: null, csrf: start.csrf, isOffline: false };
const watchers = new Set();

export const setHousehold = id => { state.household = id; };
export const setProof = csrf => { state.csrf = csrf; };
export const isSignedIn = () => state.csrf !== null;
/** Told whenever the server is lost and found again. */
export const onConnection = act => { watchers.add(act); return () => watchers.delete(act); };
const connection = isOffline => {
  if (state.isOffline === isOffline) return;
  state.isOffline = isOffline;
  for (const act of watchers) act(isOffline);
};
export const isOffline = () => state.isOffline;

// What was read before, by address: the answer and its tag.
const kept = new Map();
const keptMax = 200;
export const forget = prefix => { for (const path of kept.keys()) if (path.startsWith(prefix)) kept.delete(path); };
/** The name of the state that was read last, for writing on nothing else. */
export const lastTag = path => kept.get(path)?.tag;
/** The last answer, if there was one: to show something at once. */
export const lastAnswer = path => kept.get(path)?.body;

const wait = (pause, signal) => new Promise((done, fail) => {
  const timer = setTimeout(done, pause);
  signal?.addEventListener('abort', () => { clearTimeout(timer); fail(signal.reason); }, { once: true });
});

async function send(method, path, { body, file, signal, key, headers = {} } = {}) {
  const fields = { Accept: 'application/json', ...headers };
  if (body !== undefined) fields['Content-Type'] = 'application/json';
  if (method !== 'GET' && state.csrf) fields['Magpie-CSRF'] = state.csrf;
  if (state.household) fields['Magpie-Household'] = state.household;
  if (key) fields['Idempotency-Key'] = key;
  let response;
  try {
    response = await fetch(path, {
      method, headers: fields, signal, credentials: 'same-origin', cache: 'no-store',
      body: file ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    connection(true);
    throw new Refusal(0, { code: 'offline', title: 'offline' });
  }
  connection(false);
  return response;
}

async function answer(response) {
  if (response.status === 204) return null;
  const text = await response.text();
  let body;
  try { body = text ? JSON.parse(text) : null; } catch { body = { title: text.slice(0, 200) }; }
  if (response.ok) return body;
  const refusal = new Refusal(response.status, { retry_after: Number(response.headers.get('Retry-After')) || undefined, ...body });
  if (response.status === 401 && refusal.code === 'unauthorized' && state.csrf) {
    state.csrf = null;
    dispatchEvent(new CustomEvent('signed-out'));
  }
  throw refusal;
}

/** Reads. An answer that did not change is the same object as before. */
export async function get(path, { signal } = {}) {
  const known = kept.get(path);
  const response = await send('GET', path, { signal, headers: known?.tag ? { 'If-None-Match': known.tag } : {} });
  if (response.status === 304 && known) return known.body;
  const body = await answer(response);
  const tag = response.headers.get('ETag');
  kept.delete(path);
  kept.set(path, { tag, body });
  if (kept.size > keptMax) kept.delete(kept.keys().next().value);
  return body;
}

/** Asks, and hears the answer while it is given: `hear(name, data)` for each event of the stream. */
export async function stream(path, body, hear, { signal } = {}) {
  const response = await send('POST', path, { body, signal, headers: { Accept: 'text/event-stream, application/json' } });
  if (!response.ok) return answer(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = '';
  for (;;) {
    let piece;
    try { piece = await reader.read(); } catch (error) {
      if (signal?.aborted) throw error;
      throw new Refusal(0, { code: 'offline', title: 'offline' });
    }
    if (piece.done) return null;
    const events = (waiting + piece.value).split('\n\n');
    waiting = events.pop();
    for (const event of events) hear(event.match(/^event: (.*)$/m)?.[1], JSON.parse(event.match(/^data: (.*)$/m)?.[1] ?? 'null'));
  }
}

/** Sends a file as it is. */
export const upload = async (path, file) => answer(await send('POST', path, { file, headers: { 'Content-Type': file.type || 'application/octet-stream' } }));

/** Reads a file as the household sees it, and hands it to the browser to keep. */
export async function download(path, name) {
  const response = await send('GET', path, { headers: { Accept: '*/*' } });
  if (!response.ok) {
    try {
      await answer(response);
    } catch (error) {
      if (error.code !== 'auth.proof_too_old') throw error;
      await prove();
      return download(path, name);
    }
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Reads every page of a list that is known to be short. */
export async function getAll(path, { signal, pagesMax = 20 } = {}) {
  const rows = [];
  let cursor = null;
  const join = path.includes('?') ? '&' : '?';
  for (let page = 0; page < pagesMax; page += 1) {
    const body = await get(`${path}${join}limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, { signal });
    rows.push(...body.data);
    cursor = body.next;
    if (!cursor) break;
  }
  return rows;
}

/** Asks a person to prove again who they are; whoever does not want to has cancelled what they began. */
async function prove() {
  const { askForProof } = await import('./ui/proof.js');
  if (!await askForProof()) throw new Refusal(403, { code: 'cancelled', title: '' });
}

/**
 * Changes something. What was lost on the way is asked again under the same key, so that it is done once.
 * A change that needs a fresh proof of who one is asks for it and goes on. `told`: gives { body, change, tag }, where
 * change names what can be taken back. `ifMatch`: the tag of the only state that may be written on.
 */
export async function change(method, path, body, { signal, repeatable = false, secret = false, told = false, ifMatch } = {}) {
  const key = repeatable ? crypto.randomUUID() : undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await send(method, path, { body, signal, key, headers: ifMatch ? { 'If-Match': ifMatch } : {} });
      const content = await answer(response);
      return told ? { body: content, change: response.headers.get('Magpie-Change'), tag: response.headers.get('ETag') } : content;
    } catch (error) {
      if (error.code === 'auth.proof_too_old' && !secret) { await prove(); continue; }
      if (error.code === 'offline' && key && attempt < 3) { await wait(500 * 2 ** attempt, signal); continue; }
      throw error;
    }
  }
}

export const post = (path, body, options) => change('POST', path, body, options);
export const patch = (path, body, options) => change('PATCH', path, body, options);
export const put = (path, body, options) => change('PUT', path, body, options);
export const remove = (path, options) => change('DELETE', path, undefined, options);
