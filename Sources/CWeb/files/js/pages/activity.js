// What did Magpie do, and who did what? Runs of the banks, and what the household's people did that matters to others.

import { can, get as ask, post, remove } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { connections, members, isAtLeast } from '../data.js';
import { ageHTML, dayText, instantText, number, percent } from '../format.js';
import { onChange } from '../live.js';
import { t, refusalText } from '../texts.js';
import { bankName, connectionButtons, stateBadge } from '../ui/health.js';
import { empty } from '../ui/states.js';
import { toast } from '../ui/toast.js';

export default async function mount(root) {
  let entries = [];
  let cursor = null;
  const paint = async () => {
    const mayWork = isAtLeast('admin') && can('GET /v1/jobs/dead');
    const [banks, people, log, dead, events, status] = await Promise.all([
      connections(), members(), ask('/v1/audit-log?limit=50'), mayWork ? ask('/v1/jobs/dead') : { data: [] },
      can('GET /v1/plaid/link-events') ? ask('/v1/plaid/link-events?limit=30') : { data: [] },
      isAtLeast('owner') && can('GET /v1/admin/status') ? ask('/v1/admin/status').catch(() => null) : null,
    ]);
    const runs = await Promise.all(banks.map(async each => {
      const [connection, past] = await Promise.all([ask(`/v1/connections/${each.id}`), can('GET /v1/connections/{id}/sync-runs') ? ask(`/v1/connections/${each.id}/sync-runs?limit=20`) : { data: [] }]);
      return { ...connection, past: past.data };
    }));
    entries = log.data;
    cursor = log.next;
    const names = new Map(people.map(each => [each.id, each.name]));
    render(root, html`<div class="head"><div><h1>${t('place.activity')}</h1><p class="s muted">${t('activity.words')}</p></div></div>
      ${dead.data.length ? deadJobs(dead.data) : ''}${status ? statusLine(status) : ''}
      <div class="grid"><div class="col w7"><section class="card" aria-labelledby="runs-h"><header><h2 id="runs-h">${t('activity.banks')}</h2></header>
        ${runs.length ? html`<ul class="rows">${runs.map(run)}</ul>` : empty({ drawing: 'pulse', title: t('activity.no_runs'), words: t('activity.no_runs_words'), action: html`<a class="btn" href="/accounts">${t('place.accounts')}</a>` })}</section>
      ${events.data.length ? linkEvents(events.data) : ''}</div>
      <section class="card w5" aria-labelledby="log-h"><header><h2 id="log-h">${t('activity.people')}</h2></header>
        <p class="xs muted">${t(isAtLeast('admin') ? 'activity.all_entries' : 'activity.own_entries')}</p>
        <ol class="line" id="log">${entries.map(each => entry(each, names))}</ol>
        ${entries.length ? '' : html`<p class="s muted">${t('activity.no_entries')}</p>`}
        ${cursor ? html`<button class="btn" type="button" id="older">${t('activity.older')}</button>` : ''}</section></div>`);
  };
  const safely = async (act, text) => { try { await act(); toast(text); await paint(); } catch (error) { if (error.code !== 'cancelled') toast(refusalText(error), { bad: true }); } };
  const ends = [
    connectionButtons(root),
    on(root, 'click', '[data-retry]', (event, button) => safely(() => post(`/v1/jobs/dead/${button.dataset.retry}/retry`), t('jobs.retried'))),
    on(root, 'click', '[data-drop-job]', (event, button) => safely(() => remove(`/v1/jobs/dead/${button.dataset.dropJob}`), t('jobs.dropped'))),
    on(root, 'click', '#older', async (event, button) => {
      const names = new Map((await members()).map(each => [each.id, each.name]));
      const log = await ask(`/v1/audit-log?limit=50&cursor=${encodeURIComponent(cursor)}`);
      cursor = log.next;
      find('#log', root).insertAdjacentHTML('beforeend', log.data.map(each => entry(each, names).text).join(''));
      if (!cursor) button.remove();
    }),
    onChange(change => { if (['connections', 'runs', 'resync'].includes(change.kind)) paint().catch(() => {}); }),
  ];
  await paint();
  return () => { for (const end of ends) end(); };
}

/** How the work of the whole installation goes, for whoever owns it. */
const statusLine = status => html`<section class="card" aria-label="${t('status.title')}"><dl class="totals flat">
  <div><dt>${t('status.connections')}</dt><dd>${number(status.active_connections)}</dd></div><div><dt>${t('status.waiting')}</dt><dd>${number(status.pending_syncs)}</dd></div>
  <div><dt>${t('status.errors')}</dt><dd>${percent(Number(status.error_rate))}</dd></div><div><dt>${t('status.time')}</dt><dd>${t('status.seconds', { count: number(status.avg_sync_time / 1000, { maximumFractionDigits: 1 }) })}</dd></div>
  <div><dt>${t('status.calls')}</dt><dd>${number(status.api_usage.calls_today)}${status.api_usage.calls_max === null ? '' : html` <span class="faint">${t('status.of', { most: number(status.api_usage.calls_most), count: number(status.api_usage.calls_max) })}</span>`}</dd></div></dl>
  ${status.held_back.length ? html`<p class="s">${icon('alert')} ${t('status.held_back', { list: status.held_back.join(', ') })}</p>` : ''}</section>`;

/** Work that was given up, with what to press. */
const deadJobs = list => html`<section class="card" aria-labelledby="dead-h"><header><h2 id="dead-h">${t('jobs.dead')}</h2><span class="badge warn">${icon('alert')}${number(list.length)}</span></header><p class="s muted">${t('jobs.dead_words')}</p>
  <ul class="rows">${list.map(each => html`<li class="wrapping"><div class="grow"><div class="name">${t.has(`jobs.kind.${each.kind}`) ? t(`jobs.kind.${each.kind}`) : each.kind.replaceAll('_', ' ')}</div><p class="xs muted">${ageHTML(each.given_up_at)} · ${t('jobs.attempts', { count: each.attempts })}${each.reason ? ` · ${each.reason}` : ''}${each.code ? html` <code>${each.code}</code>` : ''}</p></div>
    <div class="chips"><button class="btn" type="button" data-retry="${each.id}">${t('jobs.retry')}</button><button class="btn plain" type="button" data-drop-job="${each.id}">${t('jobs.drop')}</button></div></li>`)}</ul></section>`;

/** What happened in the window where banks are connected: one line for each visit. */
function linkEvents(list) {
  const visits = new Map();
  for (const each of list) visits.set(each.link_session_id ?? each.id, [...(visits.get(each.link_session_id ?? each.id) ?? []), each]);
  return html`<section class="card" aria-labelledby="links-h"><h2 id="links-h">${t('links.title')}</h2><ol class="line">${[...visits.values()].slice(0, 10).map(events => {
    const bank = events.find(each => each.institution.name)?.institution.name;
    const trouble = events.find(each => each.error_code);
    const end = events.some(each => each.event === 'HANDOFF') ? 'handoff' : events.some(each => each.event === 'EXIT') ? 'exit' : 'open';
    return html`<li class="${end === 'handoff' ? 'done' : ''}"><strong>${bank ?? t('the_bank')}</strong> ${t(`links.${end}`)}<p class="xs muted">${ageHTML(events[0].at)}${trouble ? html` · <code>${trouble.error_code}</code>` : ''} · ${t('links.steps', { count: events.length })}</p></li>`;
  })}</ol></section>`;
}

function run(connection) {
  const latest = connection.latest_run;
  const counts = latest?.counts;
  const outcome = latest ? latest.ended_at ? latest.outcome ?? 'applied' : 'running' : null;
  return html`<li class="stack tight top-row"><div class="spread"><span class="name clip">${bankName(connection)}</span>${stateBadge(connection)}</div>
    ${latest ? html`<p class="s">${t(t.has(`run.${outcome}`) ? `run.${outcome}` : 'run.other')} ${ageHTML(latest.ended_at ?? latest.started_at)}</p>
      <p class="xs muted">${t('run.counts', { rows: counts.rows, added: counts.added, changed: counts.changed, removed: counts.removed })}${counts.oldest ? ` · ${t('run.oldest', { day: dayText(counts.oldest) })}` : ''}</p>
      ${counts.quarantined ? html`<p class="xs">${icon('alert')} ${t('run.quarantined', { count: counts.quarantined })}</p>` : ''}
      <details class="data"><summary>${t('bug_details')}</summary><dl class="facts"><dt>${t('run.kind')}</dt><dd>${latest.kind}</dd><dt>${t('run.started')}</dt><dd>${instantText(latest.started_at)}</dd><dt>${t('run.pages')}</dt><dd>${counts.pages}</dd>${latest.error_code ? html`<dt>${t('run.error')}</dt><dd class="wraps"><code>${latest.error_code}</code></dd>` : ''}<dt>Id</dt><dd class="wraps"><code>${latest.id}</code></dd></dl></details>
      ${connection.past.length > 1 ? html`<details class="data"><summary>${t('run.past', { count: connection.past.length })}</summary><ol class="line">${connection.past.map(each => html`<li class="${each.error_code ? '' : 'done'}"><strong>${each.ended_at ? t(each.error_code ? 'run.failed' : 'run.applied') : t('run.running')}</strong> ${ageHTML(each.ended_at ?? each.started_at)}<p class="xs muted">${t('run.counts', { rows: each.counts.rows, added: each.counts.added, changed: each.counts.changed, removed: each.counts.removed })}${each.error_code ? ` · ${each.error_code}` : ''}</p></li>`)}</ol></details>` : ''}` : html`<p class="s muted">${t('activity.no_runs')}</p>`}</li>`;
}

function entry(each, names) {
  const key = `audit.${each.action}`;
  const who = each.user ? names.get(each.user) ?? t('activity.somebody') : t('activity.server');
  return html`<li><strong>${t.has(key) ? t(key) : each.action.replaceAll(/[._]/g, ' ')}</strong><p class="xs muted">${who} · ${ageHTML(each.at)}${each.peer ? ` · ${each.peer}` : ''}</p></li>`;
}
