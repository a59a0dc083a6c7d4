// What should I do? Recommendations by rule with their numbers, and a question to a model where the operator chose one.

import { can, get as ask, post } from '../api.js';
import { html, render, find, on, icon } from '../dom.js';
import { moneyHTML } from '../format.js';
import { onChange } from '../live.js';
import { t, refusalText } from '../texts.js';
import { empty, skeleton } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const levels = ['totals', 'categories', 'merchants'];

export default async function mount(root) {
  const talk = [];
  let isOff = false;
  let level = 'categories';
  let controller = null;
  render(root, html`<div class="head"><h1>${t('place.ask')}</h1></div><section class="card">${skeleton(4)}</section>`);
  const { data: advice } = await ask('/v1/advisor/recommendations');
  render(root, html`<div class="head"><div><h1>${t('place.ask')}</h1><p class="s muted">${t('ask.words')}</p></div></div>
    <div class="grid"><section class="card w7" aria-labelledby="ask-h"><h2 id="ask-h">${t('ask.title')}</h2><div id="talk" class="stack" role="log" aria-label="${t('ask.talk')}"></div><div id="asking"></div></section>
    <section class="card w5" aria-labelledby="advice-h"><h2 id="advice-h">${t('ask.advice')}</h2><p class="xs muted">${t('ask.advice_words')}</p><div id="advice"></div></section></div>`);
  const paintAdvice = list => render(find('#advice', root), list.length ? html`<ol class="stack">${list.map(each => html`<li class="stack tight"><p>${t.has(`advice.${each.rule}`) && t('lang') !== 'en' ? t(`advice.${each.rule}`) : each.words}</p>
    <dl class="facts">${each.numbers.map(one => html`<dt>${t.has(`advice.number.${one.name}`) ? t(`advice.number.${one.name}`) : one.name.replaceAll('_', ' ')}</dt><dd>${moneyHTML(one.amount)}</dd>`)}</dl></li>`)}</ol>` : empty({ drawing: 'check', title: t('ask.no_advice') }));
  const paintTalk = () => render(find('#talk', root), html`${talk.map(each => html`<div class="said mine"><p>${each.question}</p></div>${each.answer === undefined ? html`<p class="s muted" role="status">${icon('sync', 'spin')} ${t('ask.waiting')} <button class="linkish" type="button" data-stop>${t('cancel')}</button></p>` : html`<div class="said"><p class="words">${each.answer}</p>${each.model ? html`<p class="xs muted">${[each.model, each.tools.length ? t('ask.looked_up', { list: [...new Set(each.tools)].join(', ') }) : '', t('ask.cost', { count: each.prompt_tokens + each.completion_tokens })].filter(Boolean).join(' · ')}</p>` : ''}</div>`}`)}`);
  const paintForm = () => render(find('#asking', root), html`${isOff ? html`<div class="banner info">${icon('chat')}<div><strong>${t('ask.off')}</strong> ${t('ask.off_words')} <code>MAGPIE_ADVISOR_URL</code></div></div>` : html`<form class="stack" id="question-form"><div class="field"><label for="question">${t('ask.question')}</label><textarea class="input" id="question" name="question" rows="2" maxlength="2000" required></textarea></div>
      ${talk.length ? '' : html`<div class="chips">${[0, 1, 2].map(at => html`<button class="chip" type="button" data-sample="${at}">${t(`ask.sample.${at}`)}</button>`)}</div>`}
      <div class="spread">${levelSelect()}<button class="btn primary" type="submit">${t('ask.verb')}</button></div></form>`}
    <div class="chips">${isOff ? levelSelect() : ''}${can('GET /v1/advisor/prompt') ? html`<button class="btn" type="button" data-prompt>${t('ask.prompt')}</button>` : ''}</div><p class="xs muted">${t('ask.prompt_words')}</p>`);
  const levelSelect = () => html`<label class="chipfield"><span>${t('ask.level')}</span><select class="input narrow" id="level">${levels.map(each => html`<option value="${each}" ${each === level ? html`selected` : ''}>${t(`ask.level.${each}`)}</option>`)}</select></label>`;
  const send = async question => {
    if (!question.trim() || controller) return;
    const each = { question: question.trim() };
    talk.push(each);
    controller = new AbortController();
    paintTalk();
    paintForm();
    try { Object.assign(each, await post('/v1/advisor/ask', { question: each.question, level }, { signal: controller.signal })); } catch (error) {
      if (error.code === 'advisor.off') { isOff = true; talk.pop(); } else each.answer = error.name === 'AbortError' ? t('ask.stopped') : t.has(`problem.${error.code}`) ? t(`problem.${error.code}`) : `${t('ask.no_answer')} ${refusalText(error)}`;
    }
    controller = null;
    if (!root.isConnected) return;
    paintTalk();
    paintForm();
    find('#question', root)?.focus();
  };
  const ends = [
    on(root, 'submit', '#question-form', (event, form) => { event.preventDefault(); send(form.question.value); }),
    on(root, 'click', '[data-sample]', (event, chip) => send(t(`ask.sample.${chip.dataset.sample}`))),
    on(root, 'click', '[data-stop]', () => controller?.abort(new DOMException('stopped', 'AbortError'))),
    on(root, 'change', '#level', (event, select) => { level = select.value; }),
    on(root, 'keydown', '#question', (event, area) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(area.value); } }),
    on(root, 'click', '[data-prompt]', async () => {
      try { const { prompt } = await ask(`/v1/advisor/prompt?level=${level}`); await navigator.clipboard.writeText(prompt); toast(t('ask.copied')); } catch (error) { toast(error.status === undefined ? t('ask.not_copied') : refusalText(error), { bad: true }); }
    }),
    onChange(change => { if (['transactions', 'resync'].includes(change.kind)) ask('/v1/advisor/recommendations').then(body => paintAdvice(body.data)).catch(() => {}); }),
  ];
  paintAdvice(advice);
  paintForm();
  return () => { controller?.abort(); for (const end of ends) end(); };
}
