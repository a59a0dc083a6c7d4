// Templates, events and focus. html`` escapes whatever is put into it; only what html`` or raw() made goes in as markup.

class Markup {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escape = text => String(text).replace(/[&<>"']/g, sign => escapes[sign]);

const written = value => {
  if (value === null || value === undefined || value === false || value === true) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(written).join('');
  return escape(value);
};

export const html = (parts, ...values) =>
  new Markup(parts.reduce((text, part, index) => text + written(values[index - 1]) + part));

/** Markup of our own that was made elsewhere; never what came from outside. */
export const raw = text => new Markup(text);

/** How to find an element again after it was drawn anew: its id, else what it is for. */
export function traceOf(element) {
  if (!element || element === document.body) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  const mark = [...element.attributes].find(each => each.name.startsWith('data-') || each.name === 'href');
  return mark ? `${element.localName}[${mark.name}="${CSS.escape(mark.value)}"]` : null;
}

/** Puts markup in place of what an element holds. Focus goes back to what is the same in the new one. */
export function render(element, markup) {
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  const trace = traceOf(active);
  const at = active?.selectionStart;
  element.innerHTML = written(markup);
  const again = trace && element.querySelector(trace);
  if (again) {
    again.focus({ preventScroll: true });
    if (typeof at === 'number') {
      try { again.setSelectionRange(at, at); } catch { /* not every field has a cursor */ }
    }
  }
  return element;
}

/** The one element that markup makes. */
export function element(markup) {
  const template = document.createElement('template');
  template.innerHTML = written(markup).trim();
  return template.content.firstElementChild;
}

export const find = (selector, from = document) => from.querySelector(selector);
export const all = (selector, from = document) => [...from.querySelectorAll(selector)];

/** Listens for events of whatever inside matches; gives what ends it. */
export function on(root, name, selector, act, options) {
  const listener = event => {
    const target = event.target.closest?.(selector);
    if (target && root.contains(target)) act(event, target);
  };
  root.addEventListener(name, listener, options);
  return () => root.removeEventListener(name, listener, options);
}

export const icon = (name, more = '') =>
  raw(`<svg class="i ${more}" aria-hidden="true"><use href="#i-${name}"/></svg>`);

/** A number that belongs to nothing else on the page, for ids. */
let count = 0;
export const unique = prefix => `${prefix}-${++count}`;

/** Says something to those who cannot see the page, at most once a second. */
let saidAt = 0;
let waiting;
export function say(text) {
  const place = document.getElementById('live');
  if (!place) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => { place.textContent = text; saidAt = Date.now(); }, Math.max(50, 1000 - (Date.now() - saidAt)));
}

/** Two letters that stand for a name. */
export function initials(name) {
  const words = String(name ?? '').replace(/[^\p{L}\p{N} ]/gu, ' ').trim().split(/\s+/).filter(Boolean);
  if (!words.length) return '·';
  if (words.length === 1) return [...words[0]].slice(0, 2).join('').toUpperCase();
  return ([...words[0]][0] + [...words[1]][0]).toUpperCase();
}

export const debounce = (act, pause) => {
  let timer;
  const late = (...values) => { clearTimeout(timer); timer = setTimeout(() => act(...values), pause); };
  late.cancel = () => clearTimeout(timer);
  return late;
};
