"""Measures `/v1/overview`, a whole dashboard in one answer, over ledgers of growing size; a part of scripts/bench.

overview: over 10,000, 100,000 and 1,000,000 transactions, one question after the other on one connection, with no answer
kept; then how many a second over 64 connections, kept and not kept, beside the same answer by a peer in FastAPI. And the
same household's 100,000 transactions by programs that read a journal: `hledger bal -M`, `ledger bal`, fava's JSON API.

MAGPIE_BENCH_OVERVIEW_SIZES (10000,100000,1000000) makes it shorter, for trying.
"""

import http.client
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
import venv

import api

SIZES = [int(size) for size in os.environ.get("MAGPIE_BENCH_OVERVIEW_SIZES", "10000,100000,1000000").split(",")]
JOURNAL_ROWS = 100_000
QUESTIONS = 1_000
TARGET = "/v1/overview"
FAVA = "1.30.7"


def milliseconds(port, token, count=QUESTIONS):
    """How long each of so many questions takes, slowest last."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": "Bearer " + token}
    times = []
    for index in range(count + 20):
        begun = time.perf_counter()
        connection.request("GET", TARGET, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit("%s answered %d" % (TARGET, answer.status))
        if index >= 20:
            times.append((time.perf_counter() - begun) * 1000)
    connection.close()
    return sorted(times)


def figures(name, times, **more):
    middle = round(statistics.median(times), 2)
    return {"name": name, "value": middle, "unit": "ms", "p50_ms": middle,
            "p99_ms": round(times[len(times) * 99 // 100], 2), **more}


def overview(bench):
    results, middles = [], {}
    for size in SIZES:
        home = bench.home(size)
        with bench.magpie(home, 0) as (child, port, token):
            # The search follows in the background: it would be measured too.
            while not api.is_level(os.path.join(home, "magpie.db")):
                time.sleep(0.5)
            times = milliseconds(port, token)
            answer = json.loads(api.ask(port, TARGET, token))
            bare = api.wrk(port, TARGET, 64, token)
            peak = api.peak_megabytes(child.pid)
        middles[size] = statistics.median(times)
        results.append(figures(
            "overview.%d" % size, times, peak_rss_mb=peak, requests_per_second=round(bare["rate"]),
            ratio_to_smallest=round(middles[size] / middles[SIZES[0]], 2)))
        if size == min(SIZES, key=lambda one: abs(one - JOURNAL_ROWS)):
            with bench.magpie(home, 8) as (_, port, token):
                kept = api.wrk(port, TARGET, 64, token)
            results.append({"name": "overview.kept.%d" % size, "value": round(kept["rate"]), "unit": "requests/s",
                            "p50_ms": kept["p50_ms"], "p99_ms": kept["p99_ms"]})
            with bench.fastapi(home) as (_, port, token):
                theirs = json.loads(api.ask(port, TARGET, token))
                if theirs != answer:
                    differing = [name for name in answer if theirs.get(name) != answer[name]]
                    sys.exit("the peer answers otherwise: %s" % ", ".join(differing))
                peer_times = milliseconds(port, token)
                peer = api.wrk(port, TARGET, 64, token)
            results.append(figures(
                "overview.peer.%d" % size, peer_times, requests_per_second=round(peer["rate"]),
                ours_by_theirs=round(bare["rate"] / peer["rate"], 1),
                ours_kept_by_theirs=round(kept["rate"] / peer["rate"], 1)))
            results += journals(bench, os.path.join(home, "magpie.db"), size)
        shutil.rmtree(home)
    return results


def journals(bench, file, size):
    """What programs take that read the same rows from a text."""
    text, beans = os.path.join(bench.folder, "bench.journal"), os.path.join(bench.folder, "bench.beancount")
    write_journals(file, text, beans)
    found = []
    for name, command in (("hledger", ["hledger", "-f", text, "bal", "-M", "-O", "csv"]),
                          ("ledger", ["ledger", "-f", text, "bal"])):
        if shutil.which(command[0]) is None:
            sys.exit("missing: %s; scripts/deps --bench installs it" % name)
        best = min(timed(command) for _ in range(2))
        found.append({"name": "overview.%s.%d" % (name, size), "value": round(best * 1000), "unit": "ms"})
    found.append({"name": "overview.fava.%d" % size, "value": round(fava(bench, beans)), "unit": "ms"})
    for one in (text, beans):
        os.unlink(one)
    return found


def timed(command):
    begun = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


def write_journals(file, text, beans):
    ledger = sqlite3.connect("file:%s?mode=ro" % file, uri=True)
    accounts = {row[0]: "Assets:A%d" % index for index, row in enumerate(ledger.execute("SELECT id FROM account"))}
    rows = ledger.execute(
        "SELECT account_id, date(occurred_on * 86400, 'unixepoch'), amount_minor, currency, name, flow, "
        "COALESCE(category_detailed, 'NONE') FROM bank_transaction WHERE is_gone = 0 ORDER BY occurred_on").fetchall()
    ledger.close()
    root = {"income": "Income", "expense": "Expenses", "transfer": "Equity", "excluded": "Equity"}
    others = {row[5:]: "%s:%s" % (root[row[5]], row[6].title().replace("_", "-")) for row in rows}
    with open(text, "w") as plain, open(beans, "w") as bean:
        first = rows[0][1]
        # Its address at fava's follows from it.
        bean.write('option "title" "bench"\n')
        for name in sorted(set(accounts.values()) | set(others.values())):
            bean.write("%s open %s\n" % (first, name))
        for account, day, minor, currency, name, *kind in rows:
            amount, other = "%d.%02d" % divmod(abs(minor), 100), others[tuple(kind)]
            sign, against = ("-", "") if minor < 0 else ("", "-")
            name = name.replace('"', "").replace(";", "")
            plain.write("%s %s\n    %s  %s%s %s\n    %s\n\n" % (
                day, name, accounts[account], sign, amount, currency, other))
            bean.write('%s * "%s"\n  %s  %s%s %s\n  %s  %s%s %s\n\n' % (
                day, name, accounts[account], sign, amount, currency, other, against, amount, currency))


def fava(bench, beans):
    """Milliseconds of its answer once it has read the file."""
    folder = os.path.join(bench.folder, "fava-" + FAVA)
    program = os.path.join(folder, "bin", "fava")
    if not os.path.exists(program):
        venv.create(folder, with_pip=True)
        subprocess.run(
            [os.path.join(folder, "bin", "pip"), "install", "-q", "--disable-pip-version-check", "fava==" + FAVA],
            check=True)
    port = api.free_port()
    target = "/bench/api/income_statement?interval=month"
    child = subprocess.Popen(
        [program, "--port", str(port), beans], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 120
        while True:
            try:
                api.ask(port, target)
                break
            except (OSError, http.client.HTTPException):
                if child.poll() is not None or time.monotonic() > end:
                    sys.exit("fava does not answer")
                time.sleep(0.5)
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            api.ask(port, target)
            times.append((time.perf_counter() - begun) * 1000)
        return statistics.median(times)
    finally:
        child.terminate()
        child.wait(30)
