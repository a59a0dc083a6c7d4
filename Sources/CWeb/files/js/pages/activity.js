// What did Magpie do, and who did what? Runs of the banks, and what the household's people did that matters to others.

import { can, get as ask } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { connections, members, isAtLeast } from '../data.js';
import { ageHTML, dayText, instantText } from '../format.js';
import { onChange } from '../live.js';
import { t } from '../texts.js';
import { bankName, connectionButtons, stateBadge } from '../ui/health.js';
import { empty } from '../ui/states.js';

export default async function mount(root) {
  let entries = [];
  let cursor = null;
  const paint = async () => {
    const [banks, people, log] = await Promise.all([connections(), members(), ask('/v1/audit-log?limit=50')]);
    const runs = await Promise.all(banks.map(async each => {
      const [connection, past] = await Promise.all([ask(`/v1/connections/${each.id}`), can('GET /v1/connections/{id}/sync-runs') ? ask(`/v1/connections/${each.id}/sync-runs?limit=20`) : { data: [] }]);
      return { ...connection, past: past.data };
    }));
    entries = log.data;
    cursor = log.next;
    const names = new Map(people.map(each => [each.id, each.name]));
    render(root, html`<div class="head"><div><h1>${t('place.activity')}</h1><p class="s muted">${t('activity.words')}</p></div></div>
      <div class="grid"><section class="card w7" aria-labelledby="runs-h"><header><h2 id="runs-h">${t('activity.banks')}</h2></header>
        ${runs.length ? html`<ul class="rows">${runs.map(run)}</ul>` : empty({ drawing: 'pulse', title: t('activity.no_runs'), words: t('activity.no_runs_words') })}</section>
      <section class="card w5" aria-labelledby="log-h"><header><h2 id="log-h">${t('activity.people')}</h2></header>
        <p class="xs muted">${t(isAtLeast('admin') ? 'activity.all_entries' : 'activity.own_entries')}</p>
        <ol class="line" id="log">${entries.map(each => entry(each, names))}</ol>
        ${entries.length ? '' : html`<p class="s muted">${t('activity.no_entries')}</p>`}
        ${cursor ? html`<button class="btn" type="button" id="older">${t('activity.older')}</button>` : ''}</section></div>`);
  };
  const ends = [
    connectionButtons(root),
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
