// Connecting a bank, or signing in there again. A real bank is linked in Plaid's own window, which is let in on a page of
// its own; the simulated bank shows the same stations here. Both end in the same places: exchange, progress, or a reason.

import { post, get, start, can, Refusal } from './api.js';
import { html, render, find, all, icon, initials } from './dom.js';
import { dayText, words } from './format.js';
import { announce, expectNews } from './live.js';
import { t, refusalText } from './texts.js';
import { openDialog } from './ui/dialog.js';
import { field, runForm } from './ui/form.js';
import { toast } from './ui/toast.js';

/** `repair`: the connection to sign in again at. */
export async function connectBank({ repair = null, name = null } = {}) {
  if (!start.simulated) {
    const to = new URLSearchParams({ back: location.pathname + location.search });
    if (repair) to.set('connection', repair);
    location.assign(`/link?${to}`);
    return;
  }
  new Visit(repair, name).begin();
}

/** What happened in Link is told to the server, where it takes that: as onEvent and onExit tell it. */
export function report(event, metadata = {}, { error = null, connection = null } = {}) {
  if (!can('POST /v1/plaid/link-events')) return;
  const plain = value => Object.fromEntries(Object.entries(value ?? {}).filter(([, each]) => each !== undefined && typeof each !== 'function'));
  post('/v1/plaid/link-events', {
    event: String(event).replace(/[^A-Za-z0-9_]/g, '_').slice(0, 60) || 'UNKNOWN', metadata: plain(metadata),
    ...(error ? { error: plain(error) } : {}), ...(connection ? { connection } : {}),
  }).catch(() => {});
}

const stations = ['institutions', 'credentials', 'mfa', 'accounts'];

/** One visit to the simulated bank, from the list of banks to the first rows. */
class Visit {
  constructor(repair, name) {
    this.repair = repair;
    this.name = name;
    this.isOver = false;
    this.box = openDialog({ title: repair ? t('link.repair_title', { bank: name ?? t('the_bank') }) : t('connect_bank'), onClose: () => this.end() });
    this.box.dialog.id = 'connect';
  }

  async begin() {
    this.wait();
    try {
      const made = await post('/v1/plaid/link-token', this.repair ? { connection: this.repair } : {});
      this.token = made.link_token;
      this.session = undefined;
      await this.step({});
    } catch (error) { this.fail(error); }
  }

  tell(event, more = {}) {
    report(event, { link_session_id: this.session, institution_id: this.institution?.id, institution_name: this.institution?.name, ...more }, { connection: this.repair });
  }

  /** The server is asked: what is shown is about to be replaced. */
  busy(isBusy) {
    if (isBusy) this.box.dialog.setAttribute('aria-busy', 'true'); else this.box.dialog.removeAttribute('aria-busy');
  }

  wait(text = t('link.asking')) {
    this.busy(true);
    render(this.box.root, html`<p class="muted s" role="status">${icon('sync', 'spin')} ${text}</p><progress aria-label="${text}"></progress>`);
  }

  /** Takes a step at the bank, and shows where it leads. */
  async step(body) {
    const answer = await post('/v1/simulated-bank/link', { token: this.token, ...(this.session ? { session: this.session } : {}), ...body }, { secret: true });
    if (this.isOver) return;
    if (answer.session && answer.session !== this.session) report('OPEN', { link_session_id: answer.session }, { connection: this.repair });
    this.session = answer.session ?? this.session;
    if (answer.error) this.tell('ERROR', { error_type: answer.error.type, error_code: answer.error.code });
    this.institution = answer.institution ?? this.institution;
    this.busy(false);
    const at = stations.indexOf(answer.step === 'consent' ? 'credentials' : answer.step);
    this.box.title(this.titleOf(answer), at >= 0 && !this.repair ? t('link.step', { at: at + 1, of: 4 }) : '');
    ({ institutions: this.institutions, credentials: this.credentials, consent: this.consent, mfa: this.code, accounts: this.accounts, dead: this.dead, done: this.done }[answer.step] ?? this.lost).call(this, answer);
    const focus = find('input:not([type=checkbox]), [data-first]', this.box.root);
    if (focus) focus.focus(); else this.box.focusTitle();
  }

  titleOf(answer) {
    const bank = this.institution?.name ?? '';
    switch (answer.step) {
      case 'institutions': return t('connect_bank');
      case 'credentials': return t(answer.repair ? 'link.again_at' : 'link.sign_in_at', { bank });
      case 'consent': return t('link.consent_at', { bank });
      case 'mfa': return t(answer.questions[0]?.kind === 'code' ? 'link.code_title' : 'link.question_title');
      case 'accounts': return t('link.choose_accounts');
      case 'dead': return t('link.dead_title');
      default: return bank || t('connect_bank');
    }
  }

  async take(body, form) {
    const button = form && find('[type=submit]', form);
    button?.setAttribute('aria-busy', 'true');
    this.busy(true);
    try { await this.step(body); } catch (error) { this.fail(error); } finally { button?.removeAttribute('aria-busy'); }
  }

  complaint(error) {
    if (!error) return '';
    const key = `link.error.${error.code}`;
    return html`<div class="banner bad" role="alert">${icon('alert')}<div>${t.has(key) ? t(key, { bank: this.institution?.name ?? '' }) : error.display ?? error.message}</div></div>`;
  }

  actions(...more) {
    return html`<div class="actions"><button class="btn" type="button" data-close>${t('cancel')}</button>${more}</div>`;
  }

  institutions(answer) {
    const list = () => {
      const wanted = find('#bank-search', this.box.root)?.value.trim().toLowerCase() ?? '';
      const found = answer.institutions.filter(each => each.name.toLowerCase().includes(wanted));
      render(find('#banks', this.box.root), html`
        ${found.map(each => html`<li><button class="opt" type="button" data-bank="${each.id}"><span class="mono" aria-hidden="true">${initials(each.name)}</span><span class="grow"><span class="name">${each.name}</span><span class="xs muted">${t(t.has(`bank.${each.id}`) ? `bank.${each.id}` : each.oauth ? 'bank.oauth' : 'bank.plain')}</span></span>${icon('right')}</button></li>`)}
        ${found.length ? '' : html`<li class="muted s">${t('link.no_bank', { name: wanted })}</li>`}`);
    };
    render(this.box.root, html`
      <label class="with-icon"><span class="vh">${t('link.find_bank')}</span>${icon('search')}<input class="input" type="search" id="bank-search" placeholder="${t('link.find_bank')}" autocomplete="off"></label>
      <ul class="stack tight banks" id="banks"></ul>
      <div class="banner info">${icon('spark')}<div><strong>${t('link.simulated')}</strong> ${t('link.simulated_words')}</div></div>
      ${this.actions()}`);
    list();
    find('#bank-search', this.box.root).addEventListener('input', list);
    find('#banks', this.box.root).addEventListener('click', event => {
      const button = event.target.closest('[data-bank]');
      if (button) this.take({ step: 'institution', institution: button.dataset.bank });
    });
  }

  credentials(answer) {
    render(this.box.root, html`<form class="stack">
      ${this.complaint(answer.error)}
      ${field({ id: 'username', label: t('link.user'), value: answer.repair ? 'user_good' : 'user_good', hint: t('link.user_hint') })}
      ${field({ id: 'bank-password', label: t('password'), type: 'password', value: 'pass_good', hint: t('link.password_hint') })}
      <details class="data"><summary>${t('link.others')}</summary><ul class="stack tight s muted">
        ${['mfa_device', 'error_ITEM_LOCKED', 'user_yuppie'].map(each => html`<li><code>${each}</code>: ${t(`link.other.${each}`)}</li>`)}</ul></details>
      <p class="xs muted">${t('link.never_sees')}</p>
      ${this.actions(answer.repair ? '' : html`<button class="btn" type="button" data-back>${t('back')}</button>`, html`<button class="btn primary" type="submit">${t('continue')}</button>`)}</form>`);
    const form = find('form', this.box.root);
    runForm(form, async typed => {
      this.secret = typed['bank-password'];
      await this.take({ step: 'credentials', username: typed.username, password: typed['bank-password'] }, form);
    });
    find('[data-back]', form)?.addEventListener('click', () => this.begin());
  }

  consent() {
    render(this.box.root, html`<p>${t('link.consent_words', { bank: this.institution.name })}</p>
      ${this.actions(html`<button class="btn primary" type="button" data-first data-allow>${t('link.allow')}</button>`)}`);
    find('[data-allow]', this.box.root).addEventListener('click', () => this.take({ step: 'consent' }));
  }

  code(answer) {
    const label = each => each.kind === 'code' ? t('code') : t(each.kind === 'question' ? 'link.question' : 'link.selection');
    render(this.box.root, html`<form class="stack">
      <p class="s muted">${t(answer.questions[0]?.kind === 'code' ? 'link.code_words' : 'link.question_words', { bank: this.institution.name })}</p>
      ${this.complaint(answer.error)}
      ${answer.questions.map((each, index) => field({ id: `answer${index}`, label: label(each), autocomplete: 'one-time-code', mode: each.kind === 'code' ? 'numeric' : undefined, more: each.kind === 'code' ? 'code-in' : '', hint: t('link.answer_hint', { answer: each.answer }) }))}
      ${this.actions(html`<button class="btn primary" type="submit">${t('continue')}</button>`)}</form>`);
    const form = find('form', this.box.root);
    runForm(form, typed => this.take({ step: 'mfa', answers: answer.questions.map((_, index) => typed[`answer${index}`]) }, form));
  }

  accounts(answer) {
    const chosen = () => all('input:checked', this.box.root).map(each => each.value);
    const count = () => {
      const button = find('[type=submit]', this.box.root);
      button.textContent = chosen().length ? t('link.connect_count', { count: chosen().length }) : t('link.connect_none');
    };
    render(this.box.root, html`<form class="stack"><p class="s muted">${t('link.accounts_words')}</p>${this.complaint(answer.error)}
      <fieldset class="stack tight"><legend class="vh">${t('link.choose_accounts')}</legend>${answer.accounts.map(each => html`<label class="opt"><span class="mono" aria-hidden="true">${initials(each.name)}</span><span class="grow"><span class="name">${each.name}</span> <span class="xs muted">${words(each.subtype)} ··${each.mask}</span></span><input class="check" type="checkbox" value="${each.key}" ${each.chosen ? html`checked` : ''}></label>`)}</fieldset>
      ${this.actions(html`<button class="btn primary" type="submit"></button>`)}</form>`);
    const form = find('form', this.box.root);
    count();
    form.addEventListener('change', count);
    runForm(form, () => this.take({ step: 'accounts', accounts: chosen() }, form));
  }

  dead(answer) {
    render(this.box.root, html`${this.complaint(answer.error)}<p class="s muted">${t('link.nothing_saved')}</p>
      ${this.actions(html`<button class="btn primary" type="button" data-first data-again-bank>${t('link.choose_other')}</button>`)}`);
    find('[data-again-bank]', this.box.root).addEventListener('click', () => this.begin());
  }

  lost(answer) { this.fail(new Refusal(404, { code: 'link.over', detail: answer.message })); }

  async done(answer) {
    this.isDone = true;
    this.tell(answer.outcome === 'exit' ? 'EXIT' : 'HANDOFF');
    if (answer.outcome === 'exit') { this.box.close(); return; }
    if (answer.outcome === 'repaired') {
      if (can('POST /v1/connections/{id}/repaired')) await post(`/v1/connections/${this.repair}/repaired`).catch(() => {});
      announce('connections');
      await this.progress(this.repair);
      return;
    }
    await this.exchange(answer.public_token, answer.metadata);
  }

  async exchange(publicToken, metadata, adopt = false) {
    this.wait(t('link.keeping'));
    try {
      const made = await exchange(publicToken, metadata, adopt);
      announce('connections');
      await this.progress(made.id);
    } catch (error) {
      if (error.code === 'connection.duplicate') this.duplicate(error, publicToken, metadata); else this.fail(error);
    }
  }

  duplicate(error, publicToken, metadata) {
    this.busy(false);
    const known = error.detail?.match(/con_[0-9a-z]+/)?.[0];
    const bank = this.institution?.name ?? metadata?.institution?.name ?? t('the_bank');
    this.box.title(t('link.duplicate_title', { bank }));
    render(this.box.root, html`<form class="stack"><p>${t('link.duplicate_words', { bank })}</p>
      <fieldset class="stack tight"><legend class="vh">${t('link.duplicate_title', { bank })}</legend>
      <label class="opt"><span class="mono" aria-hidden="true">${icon('sync')}</span><span class="grow"><span class="name">${t('link.use_old')}</span><span class="xs muted">${t('link.use_old_words')}</span></span><input class="check" type="radio" name="what" value="old" checked></label>
      <label class="opt"><span class="mono" aria-hidden="true">${icon('plus')}</span><span class="grow"><span class="name">${t('link.adopt')}</span><span class="xs muted">${t('link.adopt_words')}</span></span><input class="check" type="radio" name="what" value="adopt"></label></fieldset>
      ${this.actions(html`<button class="btn primary" type="submit" data-first>${t('continue')}</button>`)}</form>`);
    this.box.focusTitle();
    find('form', this.box.root).addEventListener('submit', event => {
      event.preventDefault();
      const what = new FormData(event.target).get('what');
      if (what === 'adopt') { this.exchange(publicToken, metadata, true); return; }
      this.repair = known ?? null;
      this.name = bank;
      this.isDone = false;
      this.begin();
    });
  }

  /** Shows how the first reading goes, until the bank has given all it has. */
  async progress(id) {
    expectNews(90);
    this.busy(false);
    const bank = this.institution?.name ?? this.name ?? t('the_bank');
    this.box.title(t('link.connected', { bank }));
    const paint = connection => {
      const { history, latest_run: run } = connection;
      const rows = run?.counts.rows ?? 0;
      const isAll = history === 'historical' && (run?.ended_at || connection.state === 'healthy');
      const isFirst = isAll || history === 'initial';
      const oldest = run?.counts.oldest;
      render(this.box.root, html`<ol class="line">
        <li class="done"><strong>${t('link.signed_in')}</strong><p class="xs muted">${t('link.accounts_found', { count: connection.accounts })}</p></li>
        <li class="${isFirst ? 'done' : 'now'}"><strong>${t('link.latest')}</strong><p class="xs muted">${isFirst ? t('link.rows', { count: rows }) : t('link.takes_a_minute')}</p></li>
        <li class="${isAll ? 'done' : isFirst ? 'now' : ''}"><strong>${t('link.history')}</strong>${isFirst && !isAll ? html`<progress aria-label="${t('link.history')}"></progress>` : ''}<p class="xs muted">${oldest ? t('link.back_to', { count: rows, day: dayText(oldest) }) : ''}</p></li></ol>
        ${isAll ? '' : html`<div class="banner">${icon('clock')}<div>${t('link.may_close')}</div></div>`}
        <div class="actions"><a class="btn primary" href="/transactions" data-close data-first>${t('link.see')}</a></div>`);
      return isAll;
    };
    let connection = { history: 'none', latest_run: null, accounts: 0, state: 'pending' };
    paint(connection);
    this.box.focusTitle();
    for (let round = 0; round < 90 && !this.isOver; round += 1) {
      try {
        connection = await get(`/v1/connections/${id}`);
        if (this.isOver) return;
        if (paint(connection)) { announce('transactions'); announce('accounts'); return; }
      } catch (error) { if (error.status && error.status !== 404) { this.fail(error); return; } }
      await new Promise(done => setTimeout(done, 700));
    }
  }

  fail(error) {
    if (this.isOver) return;
    this.busy(false);
    if (error.status === undefined) console.error(error);
    render(this.box.root, html`<div class="banner bad" role="alert">${icon('alert')}<div><strong>${t('link.failed')}</strong> ${refusalText(error)}</div></div>
      <p class="s muted">${t('link.nothing_saved')}</p>${error.requestID ? html`<details class="data"><summary>${t('bug_details')}</summary><p class="xs muted"><code>${error.code}</code> <code>${error.requestID}</code></p></details>` : ''}
      ${this.actions(html`<button class="btn primary" type="button" data-first data-again-bank>${t('try_again')}</button>`)}`);
    find('[data-again-bank]', this.box.root).addEventListener('click', () => this.begin());
  }

  /** The dialog was closed: an unfinished visit ends at the bank too. */
  end() {
    this.isOver = true;
    if (this.isDone || !this.session) return;
    this.tell('EXIT', { exit_status: 'requires_credentials' });
    post('/v1/simulated-bank/link', { token: this.token, session: this.session, step: 'exit' }, { secret: true }).catch(() => {});
    toast(t('link.cancelled'));
  }
}

/** Turns Link's public token into a connection. */
export function exchange(publicToken, metadata, adopt = false) {
  const institution = metadata?.institution;
  const id = institution?.institution_id ?? institution?.id;
  return post('/v1/plaid/exchange', {
    public_token: publicToken,
    ...(id ? {
      institution: { id, ...(institution.name ? { name: institution.name } : {}) },
      accounts: (metadata.accounts ?? []).map(each => ({ name: each.name, ...(each.mask ? { mask: each.mask } : {}), ...(each.type ? { type: each.type } : {}) })),
    } : {}),
    ...(adopt ? { adopt: true } : {}),
  }, { repeatable: true });
}

