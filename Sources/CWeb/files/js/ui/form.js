// Forms that say what is wrong beside the field, keep what was typed, and put the cursor where it is needed.

import { find, all, render, html, icon } from '../dom.js';
import { t, refusalText } from '../texts.js';

/** A field with its label; `hint` stands under it. */
export const field = ({ id, label, type = 'text', value = '', hint, autocomplete = 'off', required = true, more = '', mode }) => html`
  <div class="field">
    <label for="${id}">${label}${required ? '' : html` <span class="faint">${t('optional')}</span>`}</label>
    <input class="input ${more}" id="${id}" name="${id}" type="${type}" value="${value}" autocomplete="${autocomplete}"
      ${required ? html`required` : ''} ${mode ? html`inputmode="${mode}"` : ''} aria-describedby="${id}-error${hint ? ` ${id}-hint` : ''}"
      autocapitalize="${type === 'email' || type === 'password' ? 'none' : 'sentences'}" spellcheck="false">
    ${hint ? html`<span class="hint" id="${id}-hint">${hint}</span>` : ''}
    <span class="error" id="${id}-error"></span>
  </div>`;

export function mark(form, id, text) {
  const input = find(`#${id}`, form);
  const place = find(`#${id}-error`, form);
  if (!input || !place) return false;
  if (text) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
  render(place, text ? html`${icon('alert')}<span>${text}</span>` : html``);
  return true;
}

const complaint = input => {
  if (input.validity.valueMissing) return t('field.missing');
  if (input.validity.typeMismatch && input.type === 'email') return t('field.email');
  if (!input.validity.valid) return input.validationMessage;
  return '';
};

/**
 * Runs a form: `send` gets what was typed by name. What the server finds wrong goes under its field, the rest on top.
 */
export function runForm(form, send) {
  form.noValidate = true;
  form.addEventListener('focusout', event => {
    if (event.target.matches?.('input[id]') && event.target.value) mark(form, event.target.id, complaint(event.target));
  });
  form.addEventListener('input', event => {
    if (event.target.getAttribute('aria-invalid') && !complaint(event.target)) mark(form, event.target.id, '');
  });
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (form.dataset.busy) return;
    const bad = all('input[id], select[id], textarea[id]', form).filter(input => {
      const text = complaint(input);
      mark(form, input.id, text);
      return text;
    });
    if (bad.length) { bad[0].focus(); return; }
    const top = find('[data-problem]', form);
    if (top) render(top, html``);
    form.dataset.busy = 'yes';
    const button = find('[type=submit]', form);
    button?.setAttribute('aria-busy', 'true');
    try {
      await send(Object.fromEntries(new FormData(form)), form);
    } catch (error) {
      showProblem(form, error);
    } finally {
      delete form.dataset.busy;
      button?.removeAttribute('aria-busy');
    }
  });
}

export function showProblem(form, error) {
  if (error.code === 'cancelled') return;
  if (error.status === undefined) console.error(error);
  let first = null;
  for (const [pointer, text] of Object.entries(error.fields ?? {})) {
    const id = pointer.replace(/^\//, '').replaceAll('/', '-');
    if (mark(form, id, t('field.wrong', { what: text })) && !first) first = find(`#${id}`, form);
  }
  if (first) { first.focus(); return; }
  const top = find('[data-problem]', form);
  if (top) {
    render(top, html`<div class="banner bad" role="alert">${icon('alert')}<div>${refusalText(error)}</div></div>`);
  }
}
