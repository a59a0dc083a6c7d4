// What should I do? Recommendations by rule with their numbers, and a question to a model where the operator chose one.

import { can, get as ask, stream } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { dayText, isHidden, moneyHTML } from '../format.js';
import { onChange } from '../live.js';
import { t, refusalText } from '../texts.js';
import { empty, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const levels = ['totals', 'categories', 'merchants'];
/** What a model looks up, in the words of our own pages. */
const lookUps = {
  get_overview: 'place.overview', list_accounts: 'place.accounts', search_transactions: 'place.transactions', get_spending: 'spending',
  get_expenses: 'spending', get_cash_flow: 'flow.title', get_cash_flow_summary: 'flow.title', get_net_worth: 'worth.title',
  get_burn: 'runway.burn', get_runway: 'runway.title', get_recurring: 'place.recurring', get_budgets: 'place.budgets', get_goals: 'goals',
  get_forecast: 'forecast.title', get_holdings: 'place.investments', get_portfolio: 'place.investments', get_liabilities: 'place.liabilities',
  get_insights: 'finding.title', list_categories: 'place.categories',
};

/** What was asked and said since this browser loaded the page. Kept nowhere else. */
const talk = [];

export default async function mount(root) {
  let isOff = false;
  let level = 'categories';
  let controller = null;
  let isGone = false;
  render(root, html`<div class="head"><h1>${t('place.ask')}</h1></div><section class="card">${skeleton(4)}</section>`);
  const { data: advice } = await ask('/v1/advisor/recommendations');
  render(root, html`<div class="head"><div><h1>${t('place.ask')}</h1><p class="s muted">${t('ask.words')}</p></div></div>
    <div class="grid"><section class="card w7" aria-labelledby="ask-h"><header><h2 id="ask-h">${t('ask.title')}</h2><span id="ask-clear"></span></header><div id="talk" class="stack" role="log" aria-label="${t('ask.talk')}"></div><div id="asking" class="stack"></div></section>
    <section class="card w5" aria-labelledby="advice-h"><h2 id="advice-h">${t('ask.advice')}</h2><p class="xs muted">${t('ask.advice_words')}</p><div id="advice"></div></section></div>`);
  const paintAdvice = list => render(find('#advice', root), list.length ? html`<ol class="rows advice">${list.map(each => html`<li><p>${t.has(`advice.${each.rule}`) && t('lang') !== 'en' ? t(`advice.${each.rule}`) : each.words.replace(/\d{4}-\d\d-\d\d/g, dayText)}</p>
    <dl class="facts">${each.numbers.map(one => html`<dt>${t.has(`advice.number.${one.name}`) ? t(`advice.number.${one.name}`) : one.name.replaceAll('_', ' ')}</dt><dd>${moneyHTML(one.amount)}</dd>`)}</dl></li>`)}</ol>` : empty({ drawing: 'check', title: t('ask.no_advice') }));
  const toolName = name => t.has(lookUps[name]) ? t(lookUps[name]) : name.replaceAll('_', ' ');
  /** A model writes amounts into its sentences: where amounts are hidden, its words are too. */
  const wordsOf = each => isHidden() && each.answer ? t('ask.hidden') : each.answer;
  const stateOf = each => each.isOn ? html`<p class="s muted spread nowrap" role="status"><span class="asking">${icon('sync', 'spin')}<span data-now>${each.lookUp ? t('ask.looking_up', { what: toolName(each.lookUp) }) : t('ask.waiting')}</span></span><button class="btn" type="button" data-stop>${t('ask.stop')}</button></p>`
    : each.problem ? html`<div class="banner ${each.isStopped ? '' : 'bad'}">${icon(each.isStopped ? 'clock' : 'alert')}<div>${each.problem}</div><button class="btn" type="button" data-again-at="${talk.indexOf(each)}">${t('ask.again')}</button></div>`
      : each.model ? html`<p class="xs muted">${[each.model, each.tools.length ? t('ask.looked_up', { list: [...new Set(each.tools.map(toolName))].join(', ') }) : '', each.prompt_tokens + each.completion_tokens ? t('ask.cost', { count: each.prompt_tokens + each.completion_tokens }) : ''].filter(Boolean).join(' · ')}</p>` : '';
  const turn = each => html`<div class="said mine"><span class="vh">${t('ask.you')}</span><p>${each.question}</p></div>
    <div class="turn" data-turn>${each.answer ? html`<div class="said"><p class="words">${wordsOf(each)}</p></div>` : ''}${stateOf(each)}</div>`;
  const paintTalk = () => {
    render(find('#talk', root), html`${talk.map(turn)}`);
    // Words that come one by one are read out when the last one is there.
    find('#talk', root).setAttribute('aria-busy', String(controller !== null));
    render(find('#ask-clear', root), talk.length && !controller ? html`<button class="btn quiet" type="button" data-clear>${t('ask.clear')}</button>` : html``);
  };
  /** The next words: only they are added, so that what is selected or read stays. */
  const grow = each => {
    const place = [...root.querySelectorAll('[data-turn]')].at(-1);
    const words = place && find('.words', place);
    if (!words || isHidden()) paintTalk();
    else if (words.textContent !== each.answer) words.firstChild.data = each.answer;
    const now = place && find('[data-now]', place);
    if (now) now.textContent = each.lookUp ? t('ask.looking_up', { what: toolName(each.lookUp) }) : t('ask.waiting');
    const edge = [...root.querySelectorAll('[data-turn]')].at(-1)?.getBoundingClientRect().bottom - innerHeight;
    if (edge > 0 && edge < 160) scrollBy(0, edge + 96);
  };
  const paintForm = () => render(find('#asking', root), html`${isOff ? html`<div class="banner info">${icon('chat')}<div><strong>${t('ask.off')}</strong> ${t('ask.off_words')} <code>MAGPIE_ADVISOR_URL</code></div></div>` : html`<form class="stack" id="question-form"><div class="field"><label for="question">${t('ask.question')}</label><textarea class="input" id="question" name="question" rows="2" maxlength="2000" required placeholder="${t('ask.placeholder')}"></textarea></div>
      ${talk.length ? '' : html`<div class="chips">${[0, 1, 2].map(at => html`<button class="chip" type="button" data-sample="${at}">${t(`ask.sample.${at}`)}</button>`)}</div>`}
      <div class="spread">${levelSelect()}<button class="btn primary" type="submit" ${controller ? html`aria-disabled="true"` : ''}>${t('ask.verb')}</button></div></form>`}
    ${can('GET /v1/advisor/prompt') ? html`<div class="ask-prompt"><p class="xs muted">${t('ask.prompt_words')}</p><div class="chips">${isOff ? levelSelect() : ''}<button class="btn" type="button" data-prompt>${t('ask.prompt')}</button></div></div>` : ''}`);
  const levelSelect = () => html`<label class="chipfield"><span>${t('ask.level')}</span><select class="input narrow" id="level">${levels.map(each => html`<option value="${each}" ${each === level ? html`selected` : ''}>${t(`ask.level.${each}`)}</option>`)}</select></label>`;
  const send = async question => {
    if (!question.trim() || controller) return;
    const each = { question: question.trim(), answer: '', isOn: true };
    talk.push(each);
    controller = new AbortController();
    paintTalk();
    paintForm();
    try {
      await stream('/v1/advisor/stream', { question: each.question, level }, (name, data) => {
        if (name === 'text') { each.answer += data.text; each.lookUp = null; }
        // What a model says before it looks something up is no answer yet.
        else if (name === 'look_up') { each.answer = ''; each.lookUp = data.tool; paintTalk(); }
        else if (name === 'done') Object.assign(each, data);
        else if (name === 'failed') each.problem = problemText(data);
        if (root.isConnected && name !== 'done') grow(each);
      }, { signal: controller.signal });
      if (!each.model) each.problem ??= t('ask.broke');
    } catch (error) {
      if (error.code === 'advisor.off') { isOff = true; talk.splice(talk.indexOf(each), 1); }
      else if (error.name === 'AbortError') Object.assign(each, { problem: t('ask.stopped'), isStopped: true });
      else each.problem = each.answer ? `${t('ask.broke')} ${problemText(error)}` : problemText(error);
    }
    each.isOn = false;
    controller = null;
    if (isGone) return;
    paintTalk();
    paintForm();
    if (isOff) find('#asking .banner', root).setAttribute('role', 'status');
    find('#question', root)?.focus({ preventScroll: true });
  };
  const ends = [
    on(root, 'submit', '#question-form', (event, form) => { event.preventDefault(); send(form.question.value); }),
    on(root, 'click', '[data-sample]', (event, chip) => send(t(`ask.sample.${chip.dataset.sample}`))),
    on(root, 'click', '[data-clear]', () => { talk.length = 0; paintTalk(); paintForm(); find('#question', root)?.focus(); }),
    on(root, 'click', '[data-again-at]', (event, button) => { if (!controller) send(talk.splice(Number(button.dataset.againAt), 1)[0].question); }),
    on(root, 'click', '[data-stop]', () => controller?.abort(new DOMException('stopped', 'AbortError'))),
    on(root, 'change', '#level', (event, select) => { level = select.value; }),
    on(root, 'keydown', '#question', (event, area) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(area.value); } }),
    on(root, 'click', '[data-prompt]', async () => {
      try { const { prompt } = await ask(`/v1/advisor/prompt?level=${level}`); await navigator.clipboard.writeText(prompt); toast(t('ask.copied')); } catch (error) { toast(error.status === undefined ? t('ask.not_copied') : refusalText(error), { bad: true }); }
    }),
    onChange(change => { if (['transactions', 'resync'].includes(change.kind)) ask('/v1/advisor/recommendations').then(body => paintAdvice(body.data)).catch(() => {}); }),
  ];
  paintAdvice(advice);
  paintTalk();
  paintForm();
  return () => { isGone = true; controller?.abort(new DOMException('stopped', 'AbortError')); for (const end of ends) end(); };
}

const problemText = error => t.has(`problem.${error.code}`) ? t(`problem.${error.code}`) : `${t('ask.no_answer')} ${refusalText(error)}`;
