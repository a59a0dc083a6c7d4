"""Looks for leaks: secrets that can be recognised, every command and every address of the interface, all that can go
wrong with them, and then a search through everything that was written or said.

Between Magpie and the simulated bank stands a proxy. It learns each token that passes, and on demand it answers in the
bank's place with errors that repeat the tokens and keys it was sent: the worst that a broken proxy might do.

    leak.py MAGPIE

Only Python's standard library and libzstd are needed.
"""

import base64
import concurrent.futures
import hashlib
import http.client
import http.server
import itertools
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

import leak_people
from programs import Bank, Runs
from searcher import Searcher, packed

TOKEN = re.compile(rb"(access|public|link)-sandbox-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
FAULTS = ["echo 500", "echo 400", "echo code", "html", "cut", "refused"]


class Proxy(http.server.ThreadingHTTPServer):
    """Passes calls on to the bank, remembers tokens, and answers badly where it is told to."""

    daemon_threads = True

    def __init__(self, bank):
        super().__init__(("127.0.0.1", 0), Passing)
        self.bank, self.fault = bank, None
        self.tokens = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def learn(self, data):
        for token in TOKEN.finditer(data):
            self.tokens[token.group().decode()] = token.group(1).decode() + " token"


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_GET(self):
        self.pass_on("GET", b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.learn(body)
        self.pass_on("POST", body)

    def pass_on(self, method, body):
        if self.server.fault:
            return self.spoil(body, self.server.fault)
        host = self.server.bank.url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=60)
        headers = {key: value for key, value in self.headers.items() if key.lower() != "host"}
        connection.request(method, self.path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        self.server.learn(data)
        self.answer(answer.status, data, answer.headers.get("Content-Type", "application/json"))

    def spoil(self, body, fault):
        """Everything that was sent comes back in the words of an error."""
        sent = " ".join([body.decode("utf-8", "replace"), *(f"{key}: {value}" for key, value in self.headers.items())])
        tokens = " ".join(token.group().decode() for token in TOKEN.finditer(body)) or "none"
        said = f"could not use {tokens} with {self.server.bank.secret} ({sent})"
        error = {"error_type": "API_ERROR", "error_code": "INTERNAL_SERVER_ERROR", "error_message": said}
        error |= {"display_message": said, "request_id": tokens + self.server.bank.secret}
        if fault == "echo 500":
            self.answer(500, json.dumps(error).encode())
        elif fault == "echo 400":
            error |= {"error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED"}
            self.answer(400, json.dumps(error).encode())
        elif fault == "echo code":
            error |= {"error_type": tokens, "error_code": tokens + self.server.bank.secret}
            self.answer(400, json.dumps(error).encode())
        elif fault == "html":
            self.answer(200, f"<title>{said}</title>".encode(), "text/html")
        elif fault == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(f'{{"error_message":"{tokens}'.encode())
            self.close_connection = True
        else:
            error |= {"error_type": "INVALID_INPUT", "error_code": "INVALID_API_KEYS"}
            self.answer(400, json.dumps(error).encode())

    def answer(self, status, data, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class House:
    """One installation, and everything its programs said."""

    def __init__(self, magpie, folder, environment):
        folder.mkdir()
        self.folder, self.data = folder, folder / "data"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "MAGPIE_DATA_DIR": str(self.data), **environment,
        }
        self.runs = Runs(magpie, folder, self.environment)
        self.numbers = itertools.count(100)
        self.said = []
        self.codes = {}
        self.commands = set()

    def run(self, *words, **more):
        runs = Runs(self.runs.magpie, self.folder, {**self.environment, **more})
        runs.count = next(self.numbers)
        process = runs.start(*words)
        out, errors = runs.finish(process)
        # The words themselves are the person's own; only what was said about them counts.
        self.said.append((f"the output of magpie {words[0]}", (out + errors).encode()))
        self.commands.add(words[0])
        self.codes[process.returncode] = self.codes.get(process.returncode, 0) + 1
        if process.returncode not in range(6):
            raise SystemExit(f"magpie {words} ended with {process.returncode}: {errors}")
        return process.returncode, out

    def work(self):
        """`magpie worker`, for as long as a few jobs take."""
        process = self.runs.start("worker", "--verbose")
        process.stdout.readline()
        time.sleep(5)
        process.send_signal(signal.SIGTERM)
        out, errors = self.runs.finish(process)
        self.said.append(("the output of magpie worker", (out + errors).encode()))
        self.commands.add("worker")

    def converse(self):
        """`magpie mcp`, asked for everything it lists."""
        def ask(number, method, **params):
            return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})

        about = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "leak", "version": "1"}}
        asked = [ask(1, "initialize", **about), '{"jsonrpc": "2.0", "method": "notifications/initialized"}',
                 ask(2, "tools/list"), ask(3, "resources/list"), ask(4, "prompts/list"), "nonsense"]
        asked += [ask(5, "tools/call", name=name, arguments={}) for name in
                  ["list_accounts", "list_transactions", "get_overview", "list_connections", "nothing"]]
        process = subprocess.run(
            [self.runs.magpie, "mcp"], env=self.runs.environment, input="\n".join(asked) + "\n", capture_output=True,
            text=True, timeout=120)
        self.said.append(("the output of magpie mcp", (process.stdout + process.stderr).encode()))
        self.commands.add("mcp")

    def run_together(self, *commands):
        with concurrent.futures.ThreadPoolExecutor(len(commands)) as pool:
            list(pool.map(lambda words: self.run(*words), commands))

    def serve(self):
        return Server(self)


class Server:
    """`magpie serve --verbose`, and calls to it."""

    def __init__(self, house):
        self.house = house
        self.process = house.runs.start("serve", "--port", "0", "--verbose")
        self.out = []
        self.port = None
        while self.port is None:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("magpie serve did not start")
            self.out.append(line)
            found = re.search(r"listens on http://127\.0\.0\.1:(\d+)", line)
            self.port = found and int(found.group(1))
        threading.Thread(target=lambda: self.out.extend(self.process.stdout), daemon=True).start()
        self.token = (house.data / "api.token").read_text().strip()
        self.statuses = {}

    def call(self, method, path, body=None, token=None, headers=None):
        """Sends a request and keeps the answer, head and body, to be searched."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        head = {"Authorization": f"Bearer {token or self.token}", "Content-Type": "application/json"}
        head |= headers or {}
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        connection.request(method, path, data, {key: value for key, value in head.items() if value is not None})
        answer = connection.getresponse()
        whole = str(answer.getheaders()).encode()
        if (answer.getheader("Content-Type") or "").startswith("text/event-stream"):
            # It does not end: what it says at once is enough.
            connection.sock.settimeout(2)
            try:
                whole += answer.read1(1 << 20)
            except TimeoutError:
                pass
        else:
            whole += answer.read()
        connection.close()
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        self.house.said.append((f"the answer to {method} {path.split('?')[0][:24]}", whole))
        return answer.status, whole

    def stop(self):
        for file in sorted(self.house.data.iterdir()):
            # While the server runs there is more to see: the write-ahead log goes when it stops.
            if file.name.startswith("magpie.db"):
                self.house.said.append((f"{file.name} of a running server", file.read_bytes()))
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        time.sleep(0.2)
        self.process.errors.seek(0)
        self.house.said.append(("the output of magpie serve", "".join(self.out).encode()))
        self.house.said.append(("the log of magpie serve", self.process.errors.read().encode()))


def every_command(house, proxy, bank):
    """Each command, with words that make sense and words that make none."""
    house.run("doctor")
    for words in ["help", "version", "config", "config --json", "keys", "keys new", "accounts", "transactions",
                  "connections", "sync", "help plaid", "help webhooks", "help https", "completions bash",
                  "completions zsh", "completions fish", "keys --json"]:
        house.run(*words.split())
    for command in ["serve", "link", "sync", "doctor", "sandbox", "demo"]:
        house.run("help", command)
    first = bank.public_token("ins_109508", "user_good")
    twin = bank.public_token("ins_109508", "user_good")
    proxy.learn((first + twin).encode())
    assert house.run("link", "--public-token", first)[0] == 0
    assert house.run("link", "--public-token", first)[0] != 0, "a token is good once"
    assert house.run("link", "--public-token", twin)[0] != 0, "the same bank is not linked twice"
    for words in [["link", "--public-token", twin, "--adopt", "--json"], ["link", "--public-token", "public-sandbox-no"],
                  ["link", "--institution", "ins_0"], ["link", "--institution", "x", "--public-token", twin],
                  ["link", twin], ["link", f"--public-tokn={twin}"], ["link", "--public-token"], [twin],
                  ["sync", twin], ["link", "--institution", "ins_109511", "--username", "user_yuppie", "--no-sync"],
                  ["link", "--institution", "ins_109508", "--username", "nobody", "--password", bank.secret]]:
        house.run(*words)
    for words in ["ask burn", "ask overview --json", "ask explain", "ask nobody", "journal", "journal --format beancount",
                  "journal --format none", "sync", "sync --json", "sync --full", "sync nobody", "accounts", "accounts --json",
                  "transactions",
                  "transactions --json --limit 3", "transactions --account nobody", "connections", "connections --json",
                  "doctor", "doctor --json", "doctor --recount", "connections remove nobody", "nonsense", "keys dance",
                  "migrate", "copy", "copy --to nowhere"]:
        house.run(*words.split())
    assert house.run("copy", "--to", f"sqlite:{house.data}/copy.db")[0] == 0
    assert house.run("backup", f"{house.data}/backup.db")[0] == 0
    assert house.run("restore", f"{house.data}/backup.db", "--verify")[0] == 0
    house.run("restore", f"{house.data}/backup.db", "--replace", "--with-keys", f"{house.data}/encryption.key")
    every_import(house)
    for words in ["jobs", "jobs --json", "jobs retry all", "jobs retry nobody", "jobs drop nobody", "jobs drop", "jobs dance"]:
        house.run(*words.split())
    house.work()
    house.converse()


def every_import(house):
    """`magpie import`: looked at, made, made again, and what is no statement or says nothing."""
    account = json.loads(house.run("accounts", "--json")[1])["data"][0]["id"]
    statement = house.folder / "statement.csv"
    statement.write_text("Date,Description,Amount\n2026-01-05,Coffee,-3.40\n2026-01-06,Rent,-900.00\n")
    junk = house.folder / "junk.json"
    junk.write_text('{"a": 1, "b": 2}')
    empty = house.folder / "empty.csv"
    empty.write_text("")
    assert house.run("import", str(statement), "--account", account)[0] == 0
    assert house.run("import", str(statement), "--account", account, "--write")[0] == 0
    assert house.run("import", str(junk), "--account", account)[0] != 0, "JSON is no statement"
    for words in [[str(statement), "--account", account, "--write"], [str(statement)],
                  [str(statement), "--account", "nobody"], [str(empty), "--account", account],
                  [str(house.folder / "nowhere.csv"), "--account", account], []]:
        house.run("import", *words)


def a_server_that_is_not_there(house, password):
    """Its address holds a password, and every command that fails to reach it has to say so without it."""
    address = f"postgres://magpie:{password}@127.0.0.1:1/magpie?connect_timeout=2"
    house.run("copy", "--to", address)
    for words in ["copy", "migrate", "doctor", "config", "accounts", "sync"]:
        house.run(words, DATABASE_URL=address)


def settings_that_make_no_sense(house, key, secret):
    for more in [{"MAGPIE_ENCRYPTION_KEY": key + key}, {"MAGPIE_ENCRYPTION_KEY_PREVIOUS": key + "!"},
                 {"PLAID_CLIENT_ID": ""}, {"PLAID_BASE_URL": f"http://{secret}.example"},
                 {"PLAID_BASE_URL": f"https://user:{secret}@plaid.example"}, {"MAGPIE_TIME_ZONE": secret[:20]},
                 {"PLAID_SECRET": secret + "x"}]:
        for words in ["config", "doctor", "sync", "accounts"]:
            if any(secret in value or secret[:20] in value for name, value in more.items() if "SECRET" not in name):
                # A secret in the wrong setting is the person's own words; it must only break nothing.
                continue
            house.run(words, **more)


def every_fault(house, proxy, bank):
    for fault in FAULTS:
        token = bank.public_token("ins_109512", "user_saver")
        proxy.learn(token.encode())
        proxy.fault = fault
        # Side by side: most of the time they wait before they try again.
        house.run_together(
            ["sync"], ["link", "--public-token", token], ["link", "--institution", "ins_109512"], ["doctor"]
        )
        for words in [["connections"], ["connections", "--json"]]:
            house.run(*words)
        proxy.fault = None
    house.run("sync")


def declared_operations():
    """Every operation of the interface, as its declaration in the sources says: method and path."""
    sources = pathlib.Path(__file__).parent.parent.parent / "Sources" / "API"
    found = set()
    for file in sorted(sources.rglob("*.swift")):
        text = file.read_text()
        found |= set(re.findall(r'\.(get|post|put|patch|delete), "(/[^"]*)"', text))
        # A path that was moved answers at its former place too.
        found |= {("post", path) for path in re.findall(r'\.former\("(/[^"]*)"', text)}
    assert len(found) > 8, "the declarations were not found"
    return sorted(found)


def every_address(house, proxy, bank):
    server = house.serve()
    connection = json.loads(house.run("connections", "--json")[1])["data"][0]["id"]
    declared = [(method.upper(), path.replace("{id}", connection)) for method, path in declared_operations()]
    tokens = list(proxy.tokens)
    known = sorted({path for _, path in declared})
    paths = known + [
        "/", "/nowhere", "/v1/connections/con_0", f"/v1/transactions?after={server.token}",
        f"/v1/accounts?limit={bank.secret}", f"/v1/connections/{tokens[0]}",
        f"/{tokens[0]}?access_token={tokens[0]}&token={server.token}",
    ]
    bodies = [None, b"", b"{", b"[1]", b'{"full":true}', {"public_token": tokens[0]}, {"public_token": 5},
              {"public_token": tokens[0], "access_token": tokens[-1], tokens[-1]: server.token}, {tokens[0]: 1},
              b"x" * 70_000]
    try:
        for path in paths:
            for method in ["GET", "DELETE", "PUT"]:
                if not (method == "DELETE" and "con_" in path):
                    server.call(method, path)
            for body in bodies if "sync" not in path else [{}, b'{"full":true}']:
                server.call("POST", path, body)
        fresh = bank.public_token("ins_109510", "user_saver")
        proxy.learn(fresh.encode())
        assert server.call("POST", "/v1/exchange", {"public_token": fresh})[0] == 201
        for fault in FAULTS:
            proxy.fault = fault
            token = {"public_token": "public-sandbox-" + tokens[0].split("-sandbox-")[1]}
            asked = [(method, path, token if "exchange" in path else None if method == "GET" else {})
                     for method, path in declared if method != "DELETE"]
            with concurrent.futures.ThreadPoolExecutor(len(asked)) as pool:
                list(pool.map(lambda one: server.call(*one), asked))
        proxy.fault = None
        for wrong in ["wrong", tokens[0], server.token[:-1], server.token.upper(), "", server.token + " x"]:
            for method, path in declared:
                server.call(method, path, {} if method == "POST" else None, token=wrong or " ")
        server.call("GET", "/v1/accounts", headers={"Authorization": None})
        server.call("GET", "/v1/accounts", headers={"Authorization": f"Basic {server.token}"})
        server.call("GET", "/v1/accounts", headers={"Host": f"{server.token}.example"})
        server.call("GET", "/v1/accounts", headers={"Content-Type": server.token})
        assert server.call("POST", "/v1/link-token", {})[0] == 200
        item = bank.items()[0]
        bank.pull("item/break", item_id=item)
        server.call("POST", "/v1/sync", {})
        bank.pull("item/repair", item_id=item)
        server.call("DELETE", f"/v1/connections/{connection}")
    finally:
        proxy.fault = None
        server.stop()
    return server.statuses


def simulated_tokens(count):
    """The tokens of the bank that runs within Magpie: they follow from its seed."""
    for item in range(1, count):
        for generation in range(2):
            digits = list(hashlib.sha256(f"sandbox|1|access|{item}|{generation}".encode()).hexdigest()[:32])
            digits[12], digits[16] = "4", "89ab"[int(digits[16], 16) % 4]
            text = "".join(digits)
            yield "access-sandbox-" + "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])


def search(searcher, house, own):
    """Everything said, and every file of the data folder but those that are there to hold a secret."""
    found = []
    for place, data in house.said:
        # Whoever asks for a link token gets one; nothing else may come out.
        allowed = ["link token"] if place in ("the answer to POST /v1/link-token", "the answer to POST /v1/plaid/link-token") else []
        found += searcher.search(place, data, allowed + leak_people.ALLOWED.get(place, []))
    database = house.data / "magpie.db"
    in_database, count = searcher.search_database(database)
    found += in_database
    for file in sorted(house.folder.rglob("*")):
        if file.is_file() and not file.name.startswith("magpie.db") and file.name not in own:
            found += searcher.search(str(file.relative_to(house.folder)), file.read_bytes())
    return found, count


def planted(searcher, folder):
    """Every form of every secret, planted in a text, in a database and in a packed value, has to be found."""
    missed = []
    for kind, form, pattern in searcher.forms:
        for place, data in [("a text", b"some words " + pattern + b" and more"), ("a page", b"\0" * 5000 + pattern)]:
            if not any(f"{kind} ({form})" in line for line in searcher.search(place, data)):
                missed.append(f"{kind} ({form}) in {place}")
    kind, form, pattern = searcher.forms[0]
    file = folder / "planted.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE plain (a TEXT)")
    connection.execute("CREATE TABLE squeezed (a BLOB)")
    connection.execute("INSERT INTO plain VALUES (?)", (pattern.decode("latin-1") + "y" * 9000,))
    connection.execute("INSERT INTO squeezed VALUES (?)", (packed(b'{"x":"' + pattern * 3 + b'"}' + b" " * 4000),))
    connection.commit()
    connection.close()
    lines, count = searcher.search_database(file)
    for place in ("planted.db", "a value of plain", "a packed value of squeezed"):
        if not any(line.startswith(f"{kind} ({form})") and line.endswith(place) for line in lines):
            missed.append(f"{kind} ({form}) in {place}")
    if count != 1:
        missed.append("a packed value")
    # A text that has the secret base-64 encoded among other bytes.
    inner = base64.b64encode(b"user:" + searcher.forms[0][2] + b":x")
    if not searcher.search("a header", inner):
        missed.append("a secret in the middle of base 64")
    return missed


def main():
    magpie = sys.argv[1]
    began = time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="magpie-leak-"))
    bank = Bank(magpie, folder, 5, is_verbose=True)
    try:
        proxy = Proxy(bank)
        raw = secrets.token_bytes(32)
        key = base64.b64encode(raw).decode()
        house = House(
            magpie, folder / "plaid",
            {"PLAID_CLIENT_ID": bank.client_id, "PLAID_SECRET": bank.secret, "PLAID_BASE_URL": proxy.url,
             "MAGPIE_ENCRYPTION_KEY": key, "MAGPIE_RATE_LIMITS": "off"},
        )
        every_command(house, proxy, bank)
        settings_that_make_no_sense(house, key, bank.secret)
        password = secrets.token_hex(16)
        a_server_that_is_not_there(house, password)
        every_fault(house, proxy, bank)
        newer = secrets.token_bytes(32)
        rotated = base64.b64encode(newer).decode()
        change = {"MAGPIE_ENCRYPTION_KEY": rotated, "MAGPIE_ENCRYPTION_KEY_PREVIOUS": key}
        assert house.run("keys", "rotate", **change)[0] == 0
        assert house.run("sync")[0] != 0, "the old key alone opens nothing any more"
        house.environment |= {"MAGPIE_ENCRYPTION_KEY": rotated}
        statuses = every_address(house, proxy, bank)

        open_door = {"MAGPIE_REGISTRATION": "open", "MAGPIE_RATE_LIMITS": "off"}
        simulated = House(magpie, folder / "simulated", open_door)
        for words in ["demo --keep", "demo --json", "link --institution ins_109511 --username user_yuppie", "sync",
                      "sync --full", "keys", "keys rotate", "doctor", "accounts", "connections --json"]:
            simulated.run(*words.split())
        server = simulated.serve()
        for path in ["/v1/accounts", "/v1/connections", "/v1/transactions"]:
            assert server.call("GET", path)[0] == 200
        server.call("POST", "/v1/sync", {})
        assert server.call("POST", "/v1/link-token", {})[0] == 200
        shown = leak_people.walk(server, simulated)
        server.stop()
    finally:
        bank.process.kill()
        bank.process.wait()
    bank.errors.close()

    searcher = Searcher()
    searcher.add("the encryption key", key, raw)
    searcher.add("the new encryption key", rotated, newer)
    searcher.add("the database's password", password, bytes.fromhex(password))
    searcher.add("Plaid's secret", bank.secret, bytes.fromhex(bank.secret))
    # What makes a token secret is its last part.
    for token, kind in [*proxy.tokens.items(), *((token, "access token") for token in simulated_tokens(6))]:
        searcher.add(kind, token.split("-sandbox-")[1])
    for kind, text in shown:
        searcher.add(kind, text)
    for one in (house, simulated):
        searcher.add("the interface's token", (one.data / "api.token").read_text().strip())
    for text in re.findall(r"[A-Za-z0-9+/]{43}=", (simulated.data / "encryption.key").read_text()):
        searcher.add("a key of the file", text, base64.b64decode(text))

    found, batches = search(searcher, house, {"api.token", "encryption.key"})
    more, others = search(searcher, simulated, {"api.token", "encryption.key", "setup.secret"})
    found += more + searcher.search("the log of the simulated bank", (folder / "bank.err").read_bytes())
    places, size = searcher.places, searcher.bytes
    missed = planted(searcher, folder)

    # What a person can type, as magpie itself lists it.
    listed = set(re.findall(r"^  ([a-z-]+) {2,}\S", house.run("help")[1].split("Topics")[0], re.M))
    driven = house.commands | simulated.commands | {"sandbox", "serve"}
    kinds = sorted(set(proxy.tokens.values()))
    print(f"{len(searcher.secrets)} secrets in {len(searcher.forms)} forms, {places} places, {size >> 20} MB, "
          f"{batches + others} packed batches, {time.monotonic() - began:.0f} s")
    print(f"  tokens that passed: {', '.join(f'{list(proxy.tokens.values()).count(kind)} {kind}s' for kind in kinds)}")
    print(f"  commands ended with {dict(sorted(house.codes.items()))}, requests with {dict(sorted(statuses.items()))}")
    problems = [f"LEAK {line}" for line in sorted(set(found))] + [f"BLIND to {line}" for line in missed[:10]]
    if len(kinds) < 3 or batches == 0 or others == 0 or not {401, 404, 400, 502}.intersection(statuses):
        problems.append("the test did not go where it should")
    problems += [f"magpie {command} was never run" for command in sorted(listed - driven)]
    for line in problems[:40]:
        print(line, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problems; everything is kept in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    print("no secret is anywhere, and every planted one was found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
