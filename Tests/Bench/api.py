"""Measures the HTTP interface beside nginx and a peer in FastAPI, all in one run; a part of scripts/bench.

api: `GET /v1/accounts` and `GET /v1/transactions?limit=50` over a household with 100,000 transactions. wrk asks with 64 and
with 1,000 connections: Magpie with answers that are kept and without, nginx with a file of the same bytes, and FastAPI
(two uvicorn workers, uvloop, orjson, SQLAlchemy Core) over the same rows. Then h2load asks with 1,000 connections at 5,000
requests a second, whatever comes back.
search: three typed letters over a million rows, one question after the other.

MAGPIE_BENCH_SECONDS (10), MAGPIE_BENCH_ROWS (100000) and MAGPIE_BENCH_SEARCH_ROWS (1000000) make it shorter, for trying.
"""

import contextlib
import http.client
import json
import os
import random
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import time

SECONDS = int(os.environ.get("MAGPIE_BENCH_SECONDS", "10"))
ROWS = int(os.environ.get("MAGPIE_BENCH_ROWS", "100000"))
SEARCH_ROWS = int(os.environ.get("MAGPIE_BENCH_SEARCH_ROWS", "1000000"))
TARGETS = {"accounts": "/v1/accounts", "transactions": "/v1/transactions?limit=50"}
CONNECTIONS = (64, 1_000)
OPEN_RATE = 5_000
NEEDED = {"wrk": "wrk", "nginx": "nginx", "h2load": "nghttp2-client"}

NGINX = """
daemon off; master_process on; worker_processes 2; pid %(folder)s/nginx.pid; error_log %(folder)s/error.log; %(user)s
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; keepalive_timeout 65;
  open_file_cache max=10; open_file_cache_valid 60s; default_type application/json;
  client_body_temp_path %(folder)s/t1; proxy_temp_path %(folder)s/t2; fastcgi_temp_path %(folder)s/t3;
  uwsgi_temp_path %(folder)s/t4; scgi_temp_path %(folder)s/t5;
  server {
    listen 127.0.0.1:%(port)d backlog=4096;
    location = /v1/accounts { alias %(folder)s/accounts.json; }
    location = /v1/transactions { alias %(folder)s/transactions.json; }
  }
}
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def ask(port, target, token=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", target, headers={"Authorization": "Bearer " + token} if token else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        sys.exit("%s answered %d: %s" % (target, answer.status, body[:200]))
    return body


def peak_megabytes(pid):
    """Of a process and those it started."""
    pids, kilobytes = [str(pid)], 0
    with contextlib.suppress(OSError):
        pids += open("/proc/%d/task/%d/children" % (pid, pid)).read().split()
    for one in pids:
        with contextlib.suppress(OSError):
            kilobytes += int(re.search(r"VmHWM:\s+(\d+)", open("/proc/%s/status" % one).read()).group(1))
    return round(kilobytes / 1024, 1)


@contextlib.contextmanager
def running(command, port, target, token=None, environment=None):
    """A server, from its first answer on."""
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while True:
            if child.poll() is not None or time.monotonic() > end:
                sys.exit("%s does not answer" % command[0])
            with contextlib.suppress(OSError, http.client.HTTPException):
                shown = token() if callable(token) else token
                ask(port, target, shown)
                break
            time.sleep(0.05)
        yield child
    finally:
        child.terminate()
        child.wait(30)


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def wrk(port, target, connections, token):
    output = subprocess.run(
        ["wrk", "-t2", "-c%d" % connections, "-d%ds" % SECONDS, "--timeout", "10s", "--latency", "-H",
         "Authorization: Bearer " + token, "http://127.0.0.1:%d%s" % (port, target)],
        capture_output=True, text=True, check=True).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output)
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)),
        "p50_ms": round(milliseconds(re.search(r"(?m)^ +50% +(\S+)", output).group(1)), 2),
        "p99_ms": round(milliseconds(re.search(r"(?m)^ +99% +(\S+)", output).group(1)), 2),
        "failed": (int(refused.group(1)) if refused else 0) + (sum(map(int, broken.groups())) if broken else 0),
    }


def open_loop(port, target, token, folder):
    """Requests at a fixed rate: what a slow answer delays is not left out of the figures."""
    log = os.path.join(folder, "h2load.log")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(log)
    count = CONNECTIONS[1]
    command = [
        "h2load", "--h1", "-t1", "-c%d" % count, "--rps=%g" % (OPEN_RATE / count), "-D%d" % SECONDS,
        "--log-file=" + log, "-H", "Authorization: Bearer " + token, "http://127.0.0.1:%d%s" % (port, target)]
    try:
        output = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=2 * SECONDS + 30).stdout
    except subprocess.TimeoutExpired:
        # Far too slow for the rate: what is asked for piles up without an end.
        return {"rate": 0, "p50_ms": None, "p99_ms": None, "failed": None}
    failed = int(re.search(r"(\d+) failed", output).group(1))
    times = sorted(int(line.split()[2]) / 1000 for line in open(log))
    return {
        "rate": round(len(times) / SECONDS), "p50_ms": round(statistics.median(times), 2),
        "p99_ms": round(times[len(times) * 99 // 100], 2), "failed": failed,
    }


class Bench:
    """What the parts share: where things are, and how a ledger is filled (scripts/bench knows that)."""

    def __init__(self, root, build, folder, python, fill):
        self.root, self.build, self.folder, self.python, self.fill = root, build, folder, python, fill

    def home(self, rows):
        home = os.path.join(self.folder, "api-home")
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(home, mode=0o700)
        self.fill(rows, os.path.join("api-home", "magpie.db"))
        return home

    @contextlib.contextmanager
    def magpie(self, home, kept_megabytes):
        port = free_port()
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment.update(
            MAGPIE_DATA_DIR=home, MAGPIE_RATE_LIMITS="off", MAGPIE_KEPT_ANSWERS_MB=str(kept_megabytes))

        def token():
            return open(os.path.join(home, "api.token")).read().strip()

        command = [os.path.join(self.build, "magpie"), "serve", "--port", str(port)]
        with running(command, port, "/v1/accounts", token, environment) as child:
            yield child, port, token()

    @contextlib.contextmanager
    def nginx(self, answers):
        folder = os.path.join(self.folder, "nginx")
        os.makedirs(folder, exist_ok=True)
        for name, body in answers.items():
            with open(os.path.join(folder, name + ".json"), "wb") as file:
                file.write(body)
        port = free_port()
        user = "user root;" if os.geteuid() == 0 else ""
        settings = os.path.join(folder, "nginx.conf")
        with open(settings, "w") as file:
            file.write(NGINX % {"folder": folder, "port": port, "user": user})
        with running(["nginx", "-p", folder, "-c", settings], port, "/v1/accounts") as child:
            yield child, port

    @contextlib.contextmanager
    def fastapi(self, home):
        port = free_port()
        environment = dict(
            os.environ, PEER_DATABASE=os.path.join(home, "magpie.db"), PEER_TOKEN="peer",
            PYTHONPATH=os.path.join(self.root, "Tests", "Bench"))
        command = [
            self.python, "-m", "uvicorn", "api_peer:app", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
            "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error", "--backlog", "4096"]
        with running(command, port, "/v1/accounts", "peer", environment) as child:
            yield child, port, "peer"

    def api(self):
        missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
        if missing:
            sys.exit("missing: %s; scripts/deps --bench installs them" % ", ".join(missing))
        home = self.home(ROWS)
        found, answers, peaks = {}, {}, {}

        def measure(side, port, token):
            for name, target in TARGETS.items():
                for connections in CONNECTIONS:
                    found[side, name, connections] = wrk(port, target, connections, token)

        with self.magpie(home, 8) as (child, port, token):
            # A server that has just been given so many rows first reads them for the search.
            while not is_level(os.path.join(home, "magpie.db")):
                time.sleep(1)
            answers = {name: ask(port, target, token) for name, target in TARGETS.items()}
            with self.fastapi(home) as (_, peer, peers_token):
                for name, target in TARGETS.items():
                    theirs, ours = (without_cursor(one) for one in (ask(peer, target, peers_token), answers[name]))
                    if theirs != ours:
                        wrong = next((pair for pair in zip(theirs["data"], ours["data"]) if pair[0] != pair[1]), "")
                        sys.exit("the peer answers %s otherwise: %s" % (target, wrong))
            measure("magpie", port, token)
            for name, target in TARGETS.items():
                found["magpie", name, "open"] = open_loop(port, target, token, self.folder)
            peaks["magpie"] = peak_megabytes(child.pid)
        with self.magpie(home, 0) as (child, port, token):
            measure("magpie_without_kept", port, token)
            for name, target in TARGETS.items():
                found["magpie_without_kept", name, "open"] = open_loop(port, target, token, self.folder)
            peaks["magpie_without_kept"] = peak_megabytes(child.pid)
        with self.nginx(answers) as (child, port):
            measure("nginx", port, "none")
        with self.fastapi(home) as (child, port, token):
            measure("fastapi", port, token)
            peaks["fastapi"] = peak_megabytes(child.pid)
        shutil.rmtree(home)
        return list(results(found, answers, peaks))

    def search(self):
        home = self.home(SEARCH_ROWS)
        with self.magpie(home, 0) as (child, port, token):
            file = os.path.join(home, "magpie.db")
            begun = time.monotonic()
            while not is_level(file):
                time.sleep(1)
            indexed = time.monotonic() - begun
            times = []
            for letters in typed_letters(file, 300):
                start = time.perf_counter()
                ask(port, "/v1/transactions?limit=50&text=" + letters, token)
                times.append((time.perf_counter() - start) * 1000)
            times.sort()
            peak = peak_megabytes(child.pid)
        shutil.rmtree(home)
        return [
            {"name": "search.%d" % SEARCH_ROWS, "value": round(statistics.median(times), 1), "unit": "ms",
             "p50_ms": round(statistics.median(times), 1), "p99_ms": round(times[len(times) * 99 // 100], 1),
             "slowest_ms": round(times[-1], 1), "peak_rss_mb": peak},
            {"name": "search.index.%d" % SEARCH_ROWS, "value": round(SEARCH_ROWS / max(indexed, 0.001)), "unit": "rows/s"},
        ]


def without_cursor(body):
    """A cursor is sealed: no other program can make it."""
    value = json.loads(body)
    value["next"] = value["next"] is not None
    return value


def results(found, answers, peaks):
    for (side, name, load), one in found.items():
        result = {
            "name": "api.%s.%s.%s" % (side, name, load), "value": round(one["rate"]), "unit": "requests/s",
            "p50_ms": one["p50_ms"], "p99_ms": one["p99_ms"], "failed": one["failed"],
            "bytes": len(answers[name])}
        if side.startswith("magpie") and load != "open":
            result["ratio_to_limit"] = round(one["rate"] / found["nginx", name, load]["rate"], 3)
            result["ratio_to_peer"] = round(one["rate"] / found["fastapi", name, load]["rate"], 2)
            result["p99_bound_ms"] = round(3 * load / one["rate"] * 1000, 1)
        if side in peaks:
            result["peak_rss_mb"] = peaks[side]
        yield result


def is_level(file):
    """Whether the search has followed every row."""
    ledger = sqlite3.connect("file:%s?mode=ro" % file, uri=True)
    try:
        return ledger.execute(
            "SELECT COUNT(*) FROM household h LEFT JOIN search_state s ON s.household_id = h.id "
            "WHERE s.household_id IS NULL OR s.is_walked = 0 OR s.event_position < h.event_position").fetchone()[0] == 0
    finally:
        ledger.close()


def typed_letters(file, count):
    """Three letters as somebody would type them: the beginnings and middles of words that are there."""
    ledger = sqlite3.connect("file:%s?mode=ro" % file, uri=True)
    chance = random.Random(1)
    words = set()
    for (name,) in ledger.execute("SELECT DISTINCT name FROM bank_transaction LIMIT 20000"):
        words.update(word for word in re.findall("[a-z]{3,}", name.lower()))
    ledger.close()
    words = sorted(words)
    return [word[start:start + 3] for word in (chance.choice(words) for _ in range(count))
            for start in [chance.randrange(len(word) - 2)]]
