// A list of any length: only what is in view is in the page, and the next rows are asked for before they are needed.

import { render, html, find, element } from '../dom.js';
import { t } from '../texts.js';

const ahead = 1_800;
/** Rows that nobody has scrolled towards are asked for when nothing else was for so long: typing comes first. */
const rest = 700;

/**
 * `load(cursor)` gives { rows, next, note }; `rowHTML(row)` and `headHTML(day)` draw; rows of one day stand under its head.
 * The page scrolls, not the list.
 */
export class VirtualList {
  constructor(host, { load, rowHTML, headHTML, emptyHTML, onChange = () => {} }) {
    Object.assign(this, { host, load, rowHTML, headHTML, emptyHTML, onChange });
    this.drawn = new Map();
    this.spare = new Set();
    this.frame = 0;
    this.schedule = () => { if (!this.frame) this.frame = requestAnimationFrame(() => { this.frame = 0; this.paint(); }); };
    this.measured = new ResizeObserver(() => { if (this.setHeights()) { this.layOut(0); this.clear(); } this.schedule(); });
    this.begin();
    this.setHeights();
    this.measured.observe(host);
    // Browsers tell of scrolling once a frame, before they draw it: what comes into view is in the page by then.
    this.follow = () => this.paint();
    addEventListener('scroll', this.follow, { passive: true });
  }

  /** From the start, with whatever load() gives now. */
  begin() {
    this.items = [];
    this.tops = [];
    this.rows = new Map();
    this.height = 0;
    this.cursor = undefined;
    this.isOver = false;
    this.isLoading = false;
    this.round = (this.round ?? 0) + 1;
    this.drawn = new Map();
    render(this.host, html`<div class="vday" aria-hidden="true"></div><ul class="vrows" role="list" aria-busy="true"></ul><div class="vend"></div>`);
    this.list = find('.vrows', this.host);
    this.top = find('.vday', this.host);
    this.foot = find('.vend', this.host);
  }

  /** Reads from the start. What is shown stays until the answer is there. */
  async restart() {
    const round = this.round = this.round + 1;
    clearTimeout(this.later);
    this.isLoading = true;
    this.list.setAttribute('aria-busy', 'true');
    let first;
    try { first = await this.load(undefined); } catch (error) {
      if (round !== this.round || error.name === 'AbortError') return;
      this.begin();
      this.fail();
      return;
    }
    if (round !== this.round) return;
    this.begin();
    this.take(first);
    this.list.setAttribute('aria-busy', 'false');
  }

  /** Shows these rows at once, until restart() brings what the server says. */
  preview(rows) {
    clearTimeout(this.later);
    this.begin();
    this.add(rows);
    this.isLoading = true;
    this.paint();
  }

  take({ rows, next, note }) {
    this.add(rows);
    this.cursor = next;
    this.isOver = !next;
    render(this.foot, this.isOver && !this.items.length ? this.emptyHTML() : note ?? html``);
    this.isLoading = false;
    this.paint();
    this.onChange();
  }

  fail() {
    this.isLoading = false;
    render(this.foot, html`<div class="banner bad" role="alert"><div>${t('list.failed')}</div><button class="btn" type="button" data-more>${t('try_again')}</button></div>`);
    find('[data-more]', this.foot).addEventListener('click', () => this.more());
  }

  setHeights() {
    const narrow = this.host.clientWidth < 560;
    const coarse = matchMedia('(pointer: coarse)').matches;
    const [row, head] = [narrow ? 64 : coarse ? 60 : 52, 36];
    const differs = row !== this.rowHeight;
    [this.rowHeight, this.headHeight] = [row, head];
    this.host.style.setProperty('--row', `${row}px`);
    return differs;
  }

  add(rows) {
    const from = this.items.length;
    for (const row of rows) {
      if (this.rows.has(row.id)) continue;
      if (this.day !== row.occurred_on || !this.items.length) {
        this.day = row.occurred_on;
        this.items.push({ head: row.occurred_on });
      }
      const item = { row, at: this.rows.size + 1 };
      this.rows.set(row.id, item);
      this.items.push(item);
    }
    this.layOut(from);
  }

  layOut(from) {
    let top = from ? this.tops[from - 1] + this.heightOf(this.items[from - 1]) : 0;
    for (let index = from; index < this.items.length; index += 1) {
      this.tops[index] = top;
      top += this.heightOf(this.items[index]);
    }
    this.tops.length = this.items.length;
    this.height = top;
    this.list.style.blockSize = `${top}px`;
  }

  heightOf(item) { return item.head ? this.headHeight : this.rowHeight; }

  clear() { for (const node of this.drawn.values()) node.remove(); this.drawn.clear(); }

  async more() {
    if (this.isOver || this.isLoading) return;
    this.isLoading = true;
    const round = this.round;
    const late = setTimeout(() => {
      if (round === this.round) render(this.foot, html`<div class="vload" aria-hidden="true">${Array.from({ length: this.items.length ? 3 : 8 }, () => html`<div class="tx"><span class="skel mono"></span><span class="skel"></span><span class="skel"></span><span class="skel"></span></div>`)}</div>`);
    }, 200);
    try {
      const found = await this.load(this.cursor);
      if (round !== this.round) return;
      this.take(found);
    } catch (error) {
      if (round !== this.round || error.name === 'AbortError') return;
      this.fail();
    } finally {
      clearTimeout(late);
      if (round === this.round) this.list.setAttribute('aria-busy', String(this.isLoading));
    }
  }

  isNear() { return this.height - (scrollY - this.offset() + innerHeight) < Math.max(innerHeight * 3, 12_000); }
  offset() { return this.list.getBoundingClientRect().top + scrollY; }

  indexAt(top) {
    let [low, high] = [0, this.items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle] + this.heightOf(this.items[middle]) <= top) low = middle + 1; else high = middle;
    }
    return low;
  }

  paint() {
    if (!this.list.isConnected) return;
    const seen = scrollY - this.offset();
    const [first, last] = [this.indexAt(seen - ahead), this.indexAt(seen + innerHeight + ahead)];
    const wanted = new Set();
    for (let index = first; index <= Math.min(last, this.items.length - 1); index += 1) wanted.add(index);
    const focused = document.activeElement?.closest?.('.vrows > li');
    for (const [index, node] of this.drawn) {
      if (wanted.has(index) || node === focused) continue;
      node.remove();
      this.drawn.delete(index);
    }
    let before = null;
    for (const index of wanted) {
      let node = this.drawn.get(index);
      if (!node) {
        const item = this.items[index];
        node = element(item.head ? html`<li class="day">${this.headHTML(item.head)}</li>` : this.rowHTML(item.row));
        if (!item.head) { node.setAttribute('aria-posinset', item.at); node.setAttribute('aria-setsize', this.isOver ? this.rows.size : -1); }
        node.style.transform = `translateY(${this.tops[index]}px)`;
        this.drawn.set(index, node);
        if (before) before.after(node); else this.list.prepend(node);
      }
      before = node;
    }
    const at = this.items[this.indexAt(Math.max(0, seen))];
    const day = at?.head ?? at?.row?.occurred_on;
    const isBelow = seen > 0 && day;
    this.top.hidden = !isBelow;
    if (isBelow && this.top.dataset.day !== day) { this.top.dataset.day = day; render(this.top, this.headHTML(day)); }
    if (this.isOver || !this.isNear()) return;
    clearTimeout(this.later);
    // What is filtered here may leave a page nearly empty; where somebody scrolls, the next rows are needed soon.
    if (scrollY > innerHeight / 2 || this.height < seen + innerHeight * 2) this.more(); else this.later = setTimeout(() => this.more(), rest);
  }

  /** Draws one row anew, after it changed. */
  update(id, row) {
    const item = this.rows.get(id);
    if (!item) return;
    item.row = row;
    const index = this.items.indexOf(item);
    const node = this.drawn.get(index);
    if (node) { node.remove(); this.drawn.delete(index); }
    this.paint();
  }

  /** Draws all that is in view anew. */
  redraw() { this.clear(); this.paint(); }

  row(id) { return this.rows.get(id)?.row; }
  get ids() { return [...this.rows.keys()]; }

  /** Brings a row into view and gives its node. */
  reach(id) {
    const item = this.rows.get(id);
    if (!item) return null;
    const index = this.items.indexOf(item);
    const [top, offset] = [this.tops[index], this.offset()];
    if (top + offset < scrollY + 80) scrollTo(0, top + offset - 120);
    else if (top + offset + this.rowHeight > scrollY + innerHeight - 80) scrollTo(0, top + offset - innerHeight + 160);
    this.paint();
    return this.drawn.get(index) ?? null;
  }

  end() {
    this.round += 1;
    this.isOver = true;
    this.measured.disconnect();
    clearTimeout(this.later);
    removeEventListener('scroll', this.follow);
    cancelAnimationFrame(this.frame);
  }
}
