// What did a bank hand out that Magpie does not know? A file is looked at first, corrected where it was misread, and
// then brought in as one change.

import { upload } from '../api.js';
import { html, render, find, on, icon, say } from '../dom.js';
import { accounts, isAtLeast } from '../data.js';
import { remember, undo } from '../edits.js';
import { dayText, moneyHTML, moneyText } from '../format.js';
import { announce } from '../live.js';
import { readFiling } from '../filing.js';
import { get } from '../store.js';
import { t, refusalText } from '../texts.js';
import { colourOf, spendingWords } from '../ui/rows.js';

const kinds = ['checking', 'savings', 'credit_card', 'cash', 'deposit', 'loan', 'mortgage', 'student_loan', 'investment', 'retirement', 'other_asset'];
const roles = ['-', 'date', 'amount', 'debit', 'credit', 'direction', 'payee', 'description', 'id', 'currency', 'category', 'balance', 'account'];
const shown = 12;

const select = (id, label, options, chosen, more = '') => html`<div class="field"><label for="${id}">${label}</label><select class="input" id="${id}" name="${id}" ${more}>${options.map(([value, text]) => html`<option value="${value}" ${String(value) === String(chosen) ? html`selected` : ''}>${text}</option>`)}</select></div>`;

export default async function mount(root) {
  if (!isAtLeast('member')) { render(root, html`<section class="card"><p>${t('import.viewer')}</p></section>`); return null; }
  let [file, plan, asked, isTable] = [null, null, 0, false];
  const currency = get('household').base_currency;
  render(root, html`<section class="card stack" aria-labelledby="import-h"><h2 id="import-h">${t('settings.import')}</h2><p class="s muted">${t('import.words')}</p>
    <form class="stack" id="import"><div class="field"><label for="file">${t('import.file')}</label><input class="input" type="file" id="file" accept=".csv,.txt,.tsv,.ofx,.qfx,.xml,.sta,.mt940,.940,text/csv,text/plain,application/xml,application/x-ofx"></div>
      <div id="accounts"></div>
      <div class="stack" id="new-account"></div><div id="statements"></div><div id="plan" class="stack"></div></form></section><div id="done"></div>
    <p class="s"><a href="/settings/data">${t('data.export')}</a></p>`);
  const form = find('#import', root);
  const place = find('#plan', root);
  const value = id => find(`#${id}`, form)?.value ?? '';
  const isNew = () => value('account') === '';

  const chooseAccount = async chosen => {
    const list = (await accounts()).filter(each => !each.closed_at);
    render(find('#accounts', root), select('account', t('import.account'), [...list.map(each => [each.id, each.mask ? `${each.name} ··${each.mask}` : each.name]), ['', t('import.new_account')]], chosen));
    newAccount();
  };

  const newAccount = () => render(find('#new-account', root), isNew() ? html`<div class="pair"><div class="field"><label for="name">${t('import.name')}</label><input class="input" id="name" maxlength="100" value="${plan?.statements[plan.statement].account ?? t('import.new_name')}"></div>${select('kind', t('byhand.kind'), kinds.map(each => [each, t(`kind.${each}`)]), 'checking')}</div>
    <div class="field"><label for="currency">${t('account.currency')}</label><input class="input" id="currency" maxlength="3" autocapitalize="characters" value="${plan?.currency ?? currency}"></div>` : html``);

  /** What the server is asked; what was guessed stays a guess until it is changed. */
  const query = () => {
    const said = new URLSearchParams();
    if (isNew()) { said.set('name', value('name').trim() || t('import.new_name')); said.set('kind', value('kind')); said.set('currency', value('currency').trim().toUpperCase() || currency); } else { said.set('account', value('account')); }
    if (value('statement')) said.set('statement', value('statement'));
    if (isTable) {
      said.set('columns', [...form.querySelectorAll('[data-role]')].map(each => each.value).join(','));
      for (const id of ['day_order', 'decimal']) said.set(id, value(id));
      said.set('turned', String(find('#turned', form).checked));
    }
    return said;
  };

  const look = async () => {
    if (!file) return;
    const turn = asked += 1;
    place.setAttribute('aria-busy', 'true');
    try {
      const answer = await upload(`/v1/imports/plan?${query()}`, file);
      if (turn !== asked) return;
      const isFirst = !plan;
      plan = answer;
      isTable = answer.table !== null;
      if (isFirst) newAccount();
      paint();
    } catch (error) {
      if (turn !== asked) return;
      render(place, html`<div class="banner bad" role="alert">${icon('alert')}<div>${complaint(error)}</div></div>`);
    } finally { if (turn === asked) place.removeAttribute('aria-busy'); }
  };

  const paint = () => {
    const { counts, table, closing, statements } = plan;
    render(find('#statements', root), statements.length > 1 ? select('statement', t('import.statement'), statements.map((each, index) => [index, `${each.account ?? index + 1} · ${t('import.rows', { count: each.rows })}`]), plan.statement) : html``);
    const brings = counts.new + (find('#possible', place)?.checked ? counts.possible : 0);
    render(place, html`${table ? html`<details class="data" ${place.querySelector('details')?.open || (!counts.new && !counts.known && !counts.possible) || !table.day_order_sure ? html`open` : ''}><summary>${t('import.how')}</summary><div class="stack">
        <div class="scroll" tabindex="0" role="region" aria-label="${t('import.columns')}"><table><caption class="vh">${t('import.columns')}</caption><thead><tr><th scope="col">${t('import.column')}</th><th scope="col">${t('import.meaning')}</th><th scope="col">${t('import.samples')}</th></tr></thead><tbody>${table.columns.map((each, index) => html`<tr><th scope="row">${each.name ?? index + 1}</th><td><select class="input" id="role-${index}" data-role aria-label="${t('import.meaning_of', { name: each.name ?? index + 1 })}">${roles.map(role => html`<option value="${role}" ${role === each.role ? html`selected` : ''}>${t(`import.role.${role}`)}</option>`)}</select></td><td class="s muted">${each.samples.filter(Boolean).join(' · ')}</td></tr>`)}</tbody></table></div>
        <div class="pair">${select('day_order', t('import.days'), ['ymd', 'dmy', 'mdy'].map(each => [each, t(`import.order.${each}`)]), table.day_order)}${select('decimal', t('import.decimal'), [['point', '1,234.56'], ['comma', '1.234,56']], table.decimal)}</div>
        <label class="line-choice s"><input class="check" type="checkbox" id="turned" ${table.turned ? html`checked` : ''}><span>${t('import.turned')}</span></label></div></details>` : ''}
      <p id="counts"><b>${t('import.new', { count: counts.new })}</b> ${[counts.known ? t('import.known', { count: counts.known }) : '', counts.possible ? t('import.possible', { count: counts.possible }) : '', counts.unreadable ? t('import.unreadable', { count: counts.unreadable }) : ''].filter(Boolean).join(' ')}</p>
      ${plan.rows.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="${t('import.preview')}"><table><caption class="vh">${t('import.preview')}</caption><thead><tr><th scope="col">${t('day')}</th><th scope="col">${t('name')}</th><th scope="col" class="n">${t('import.role.amount')}</th></tr></thead><tbody>${plan.rows.slice(0, shown).map(each => html`<tr><td>${dayText(each.booked_on)}</td><td>${each.name}${each.category ? html`<br><span class="cat xs ${colourOf(each.category)}">${spendingWords(each.category)}</span>` : ''}${each.standing === 'possible' ? html` <span class="badge warn">${t('import.maybe')}</span>` : ''}</td><td class="n">${moneyHTML(each.amount, { tone: true })}</td></tr>`)}</tbody></table></div>${counts.new + counts.possible > shown ? html`<p class="s muted">${t('import.more', { count: counts.new + counts.possible - Math.min(shown, plan.rows.length) })}</p>` : ''}` : ''}
      ${plan.unreadable.length ? html`<details class="data"><summary>${t('import.left_out')}</summary><ul class="s">${plan.unreadable.slice(0, shown).map(each => html`<li>${t('import.line', { line: each.line })} ${t(`import.reason.${each.reason}`)}</li>`)}</ul></details>` : ''}
      ${closing ? html`<p class="s muted">${t('import.closing', { amount: moneyText(closing.amount), day: dayText(closing.day) })}</p>` : ''}
      ${counts.possible ? html`<label class="line-choice s"><input class="check" type="checkbox" id="possible" ${find('#possible', place)?.checked ? html`checked` : ''}><span>${t('import.with_possible')}<span class="hint">${t('import.possible_hint')}</span></span></label>` : ''}
      <div class="actions"><button class="btn primary" type="submit" ${brings || counts.possible ? '' : html`disabled`}>${t('import.verb')}</button></div>`);
    say(find('#counts', place).textContent);
  };

  const complaint = error => Object.values(error.fields ?? {})[0] ? t('field.wrong', { what: Object.values(error.fields)[0] }) : refusalText(error);

  const ends = [
    on(root, 'change', '#file', (event, input) => { [file] = input.files; [plan, isTable] = [null, false]; render(find('#done', root), html``); render(find('#statements', root), html``); render(place, html``); look(); }),
    on(root, 'change', '#account', () => { newAccount(); look(); }),
    on(root, 'change', '#currency, #statement, [data-role], #day_order, #decimal, #turned', (event, input) => { if (input.id === 'statement') { isTable = false; if (isNew()) { plan = null; } } look(); }),
    on(root, 'submit', '#import', async event => {
      event.preventDefault();
      const button = find('[type=submit]', form);
      if (!plan || button.getAttribute('aria-busy')) return;
      button.setAttribute('aria-busy', 'true');
      const said = query();
      if (find('#possible', form)?.checked) said.set('with_possible', 'true');
      try {
        const made = await upload(`/v1/imports?${said}`, file);
        const words = t('import.done', { count: made.imported });
        announce('accounts');
        announce('transactions');
        if (made.change) remember(made.change, words);
        render(find('#done', root), html`<section class="card stack" tabindex="-1" aria-labelledby="done-h"><h2 id="done-h">${words}</h2><p class="s muted">${made.change ? t('import.done_words') : t('import.nothing')}</p><div class="chips"><a class="btn" href="/accounts/${made.account}">${t('import.see')}</a>${made.change ? html`<button class="btn" type="button" data-undo="${made.change}">${icon('undo')}${t('undo')}</button>` : ''}</div></section>`);
        [file, plan, isTable] = [null, null, false];
        find('#file', form).value = '';
        render(find('#statements', root), html``);
        render(place, html``);
        await chooseAccount(made.account);
        find('#done section', root).focus();
      } catch (error) {
        button.removeAttribute('aria-busy');
        if (error.code !== 'cancelled') render(find('#done', root), html`<div class="banner bad" role="alert">${icon('alert')}<div>${complaint(error)}</div></div>`);
      }
    }),
    on(root, 'click', '[data-undo]', async (event, button) => { button.disabled = true; await undo(button.dataset.undo); render(find('#done', root), html``); await chooseAccount(''); find('#file', form).focus(); }),
  ];
  await Promise.all([chooseAccount(''), readFiling()]);
  return () => { for (const end of ends) end(); };
}
