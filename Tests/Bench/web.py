"""Measures the web application in Debian's Chromium over a million transactions; a part of scripts/bench.

overview: how soon it shows something (first contentful paint), and how soon it can be used: all of it drawn, and the
script at rest. Each visit is a first one, with nothing kept by the browser.
weight: bytes on the wire until all that the overview and the other pages need is there.
typing: from a key in the search field to the rows of the server's answer, letter by letter.
scrolling: 100,000 rows passed by the wheel; in each frame, what part of the window has no row where one should be.

MAGPIE_BENCH_WEB_ROWS (1000000) makes it shorter, for trying.
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROWS = int(os.environ.get("MAGPIE_BENCH_WEB_ROWS", "1000000"))
VISITS = 9
WORDS = ["target", "market", "coffee", "transfer", "fuel", "pharmacy"]

TYPING = """word => new Promise(done => {
  const field = document.querySelector('#search');
  const times = [];
  const letters = [...word];
  const next = () => {
    const letter = letters.shift();
    if (letter === undefined) { field.value = ''; field.dispatchEvent(new Event('input', { bubbles: true })); setTimeout(() => done(times), 400); return; }
    const began = performance.now();
    let shown = null;
    const rows = document.querySelector('#list');
    const seen = new MutationObserver(() => { shown ??= performance.now() - began; if (rows.querySelector('.vrows')?.getAttribute('aria-busy') === 'false') { seen.disconnect(); times.push([shown, performance.now() - began]); setTimeout(next, 150); } });
    seen.observe(rows, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-busy'] });
    field.value += letter;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  next();
})"""

SCROLLING = """wanted => new Promise(done => {
  let [frames, blank, worst, longest, last] = [0, 0, 0, 0, performance.now()];
  const began = last;
  const step = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    const box = document.querySelector('.vrows').getBoundingClientRect();
    const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
    const rows = [...document.querySelectorAll('.vrows > li')].map(row => row.getBoundingClientRect()).filter(row => row.bottom > top && row.top < bottom).sort((a, b) => a.top - b.top);
    let covered = top;
    let gap = 0;
    for (const row of rows) { gap += Math.max(0, row.top - covered - 1); covered = Math.max(covered, row.bottom); }
    gap += Math.max(0, bottom - covered - 1);
    frames += 1;
    if (gap > 2) { blank += 1; worst = Math.max(worst, gap); }
    const count = Number([...document.querySelectorAll('.vrows > .tx')].at(-1)?.getAttribute('aria-posinset') ?? 0);
    if (count >= wanted || now - began > 120_000) { done({ frames, blank, worst, longest, rows: count, seconds: (now - began) / 1000 }); return; }
    scrollBy(0, 2_400);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


class Bench:
    def __init__(self, root, build, folder, python, fill):
        self.root, self.build, self.folder, self.python, self.fill = root, build, folder, python, fill

    def measure(self):
        """Fills a ledger, and lets the Python that has the browser look at it."""
        self.fill(ROWS, "web.db")
        binary = os.environ.get("MAGPIE_BENCH_BINARY", os.path.join(self.build, "magpie"))
        ledger = os.path.join(self.folder, "web.db")
        try:
            done = subprocess.run([self.python, __file__, binary, ledger], stdout=subprocess.PIPE, text=True, check=True)
        finally:
            for suffix in ("", "-wal", "-shm"):
                pathlib.Path(ledger + suffix).unlink(missing_ok=True)
        return json.loads(done.stdout)


def main(binary, ledger):
    here = pathlib.Path(__file__).resolve().parent
    sys.path[:0] = [str(here), str(here.parent / "web")]
    import house as web

    browser = web.Browser()
    house = web.House(binary)
    data = pathlib.Path(house.environment["MAGPIE_DATA_DIR"])
    data.mkdir(mode=0o700, parents=True)
    shutil.copy(ledger, data / "magpie.db")
    with house:
        context = browser.context()
        page = web.set_up(house, context)
        web.ready(page)
        wait_for_index(data / "magpie.db")
        storage = context.storage_state()
        context.close()
        results = [*overview(web, browser, house, storage), *lists(web, browser, house, storage)]
    browser.close()
    if browser.troubles:
        sys.exit("\n".join(browser.troubles))
    print(json.dumps(results))


def wait_for_index(file):
    from api import is_level

    while not is_level(str(file)):
        time.sleep(1)


def overview(web, browser, house, storage):
    paints, readies, weights, firsts = [], [], [], []
    for visit in range(VISITS):
        context = browser.context(storage=storage)
        page = context.new_page()
        page.goto(house.address + "/")
        web.ready(page)
        page.wait_for_selector("#ahead > section", timeout=60_000)
        figures = page.evaluate("""() => new Promise(done => setTimeout(() => {
          const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
          const ready = performance.getEntriesByName('ready')[0].startTime;
          const wire = list => list.reduce((sum, each) => sum + each.transferSize, 0);
          done({ paint: performance.getEntriesByName('first-contentful-paint')[0].startTime, ready,
            all: wire(all), first: wire(all.filter(each => each.startTime < ready && !each.name.includes('/v1/'))) });
        }, 6_000))""")
        if visit:  # the first one wakes everything
            paints.append(figures["paint"])
            readies.append(figures["ready"])
        weights.append(figures["all"])
        firsts.append(figures["first"])
        context.close()
    return [
        {"name": "web.overview.paint.%d" % ROWS, "value": round(statistics.median(paints)), "unit": "ms", "slowest_ms": round(max(paints))},
        {"name": "web.overview.interactive.%d" % ROWS, "value": round(statistics.median(readies)), "unit": "ms", "slowest_ms": round(max(readies))},
        {"name": "web.weight.overview", "value": round(max(firsts) / 1000), "unit": "kB"},
        {"name": "web.weight.all", "value": round(max(weights) / 1000), "unit": "kB"},
    ]


def lists(web, browser, house, storage):
    context = browser.context(storage=storage)
    page = context.new_page()
    page.goto(house.address + "/transactions")
    web.ready(page)
    page.wait_for_timeout(2_000)
    times = [pair for word in WORDS for pair in page.evaluate(TYPING, word)]
    shown = sorted(pair[0] for pair in times)
    answered = sorted(pair[1] for pair in times)
    page.goto(house.address + "/transactions")
    web.ready(page)
    page.wait_for_timeout(1_000)
    scrolled = page.evaluate(SCROLLING, min(100_000, ROWS - 1_000))
    context.close()
    return [
        {"name": "web.typing.shown", "value": round(statistics.median(shown)), "unit": "ms", "p95_ms": round(shown[len(shown) * 95 // 100]), "letters": len(shown)},
        {"name": "web.typing.answered", "value": round(statistics.median(answered)), "unit": "ms", "p95_ms": round(answered[len(answered) * 95 // 100]), "slowest_ms": round(answered[-1])},
        {"name": "web.scrolling", "value": scrolled["rows"], "unit": "rows", "frames": scrolled["frames"], "frames_with_gaps": scrolled["blank"],
         "worst_gap_px": round(scrolled["worst"]), "longest_frame_ms": round(scrolled["longest"]), "seconds": round(scrolled["seconds"], 1)},
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
