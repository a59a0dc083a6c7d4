"""Many households, their banks, and the processes that keep them up to date: what tests of faults and benches share."""

import http.client
import json
import os
import random
import re
import secrets
import signal
import subprocess
import threading
import time

from cluster import free_port

BANKS = ["ins_109508", "ins_109510", "ins_109511", "ins_109512", "ins_130016", "ins_135858", "ins_109509"]


def customer(number, rows):
    """A person at a bank, as Plaid's sandbox describes one: few rows, and accounts nobody else has."""
    entries = []
    for index in range(rows):
        month, day = 1 + index % 10, 1 + index % 28
        date = f"2026-{month:02}-{day:02}"
        entries.append({"date_transacted": date, "date_posted": date, "amount": round(3 + number % 7 + index * 1.25, 2),
                        "description": f"SHOP {number} {index}", "currency": "USD"})
    account = {"type": "depository", "subtype": "checking", "starting_balance": 1000 + number,
               "meta": {"name": f"Account {number}"}, "transactions": entries}
    return json.dumps({"override_accounts": [account]})


class Answer(Exception):
    """The server said no."""


class Door:
    """The interface of one server, as a person's program uses it."""

    def __init__(self, port):
        self.port = port

    def call(self, method, path, body=None, token=None, household=None, timeout=60, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        head = {"Content-Type": "application/json", **headers}
        if token:
            head["Authorization"] = f"Bearer {token}"
        if household:
            head["Magpie-Household"] = household
        try:
            connection.request(method, path, None if body is None else json.dumps(body).encode(), head)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise Answer(f"{method} {path}: {answer.status} {data[:600]}")
        return json.loads(data) if data else None


class Process:
    """A running `magpie serve` or `magpie worker`."""

    def __init__(self, magpie, folder, environment, *words):
        self.words = words
        self.errors = open(folder / f"{words[0]}-{secrets.token_hex(4)}.err", "w+")
        self.process = subprocess.Popen(
            [magpie, *words], env=environment, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.lines = []
        self.reader = threading.Thread(target=self.listen, daemon=True)
        self.reader.start()

    def listen(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def wait_for(self, pattern, seconds=90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in list(self.lines):
                if found := re.search(pattern, line):
                    return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise SystemExit(f"{self.words} did not say {pattern}: {''.join(self.lines)}{self.said()}")

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.reader.join(5)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def is_alive(self):
        return self.process.poll() is None


class Reader(threading.Thread):
    """Hears a household's events, comes again when it is cut off, and keeps every position in the order of hearing."""

    def __init__(self, door, token, household, cut_after=None):
        """`cut_after`: the connection is dropped after so many events, again and again."""
        super().__init__(daemon=True)
        self.cut_after = cut_after
        self.door, self.token, self.household = door, token, household
        self.positions, self.resets, self.connects, self.is_done = [], 0, 0, False
        self.start()

    def run(self):
        while not self.is_done:
            try:
                self.hear()
            except (OSError, http.client.HTTPException, ValueError):
                pass
            time.sleep(0.2)

    def hear(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.door.port, timeout=20)
        last = self.positions[-1] if self.positions else 0
        head = {"Authorization": f"Bearer {self.token}", "Magpie-Household": self.household,
                "Accept": "text/event-stream", "Last-Event-ID": str(last)}
        connection.request("GET", "/v1/events", headers=head)
        answer = connection.getresponse()
        if answer.status != 200:
            connection.close()
            raise ValueError(answer.status)
        self.connects += 1
        position, kind, heard = None, "", 0
        while line := answer.readline():
            line = line.decode().rstrip("\n")
            if line.startswith("id: "):
                position = int(line[4:])
            elif line.startswith("event: "):
                kind = line[7:]
                self.resets += kind == "reset"
            elif not line and position is not None:
                if kind != "reset":
                    self.positions.append(position)
                position, heard = None, heard + 1
            if self.is_done or heard == self.cut_after:
                break
        connection.close()


class Fleet:
    """An installation with many households."""

    def __init__(self, magpie, folder, bank, address, rows=12, **settings):
        self.magpie, self.folder, self.bank, self.rows = magpie, folder, bank, rows
        self.door = Door(free_port())
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "MAGPIE_DATA_DIR": str(folder / "data"),
            "PLAID_CLIENT_ID": bank.client_id, "PLAID_SECRET": bank.secret, "PLAID_BASE_URL": bank.url,
            "MAGPIE_RATE_LIMITS": "off", "MAGPIE_SYNC_SCHEDULE": "off", "MAGPIE_CALLS_PER_DAY": "1000000",
            "MAGPIE_PUBLIC_URL": f"http://127.0.0.1:{self.door.port}", "SWIFT_BACKTRACE": "enable=no", **settings,
        }
        if address:
            self.environment["DATABASE_URL"] = address
        self.processes, self.households, self.connections = [], [], []
        self.busy = 0

    def start(self, *words):
        process = Process(self.magpie, self.folder, self.environment, *words)
        self.processes.append(process)
        return process

    def serve(self):
        process = self.start("serve", "--port", str(self.door.port))
        process.wait_for(r"listens on")
        return process

    def worker(self, slots=8):
        return self.start("worker", "--slots", str(slots))

    def run(self, *words):
        done = subprocess.run([self.magpie, *words], env=self.environment, capture_output=True, text=True, timeout=180)
        if done.returncode:
            raise SystemExit(f"magpie {words} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout

    def open_house(self):
        """The first start, and a person with a key of their own."""
        self.run("setup-link")
        secret = (self.folder / "data" / "setup.secret").read_text().strip()
        self.password = secrets.token_hex(16)
        person = {"name": "Olive", "email": "olive@money.example", "password": self.password}
        self.door.call("POST", "/v1/setup", {"secret": secret, **person})
        self.sign_in()

    def sign_in(self):
        self.token = self.door.call("POST", "/v1/auth/token", {
            "grant_type": "password", "username": "olive@money.example", "password": self.password})["access_token"]

    def household(self):
        made = self.door.call("POST", "/v1/households", {"name": f"House {len(self.households)}"}, self.token)
        self.households.append(made["id"])
        return made["id"]

    def link(self, household, institution, number):
        options = {"override_username": "user_custom", "override_password": customer(number, self.rows),
                   "webhook": self.environment["MAGPIE_PUBLIC_URL"] + "/v1/webhooks/plaid"}
        for _ in range(6):
            token = self.bank.post("/sandbox/public_token/create", {
                "institution_id": institution, "initial_products": ["transactions"], "options": options})["public_token"]
            try:
                made = self.door.call("POST", "/v1/plaid/exchange", {"public_token": token}, self.token, household)
                break
            except Answer as answer:
                # Others were writing, too often in a row: a person would press the button again.
                if "database.busy" not in str(answer):
                    raise
                self.busy += 1
        self.connections.append(made["id"])

    def link_all(self, count):
        """So many connections, each household with one at every bank."""
        for number in range(count):
            if number % len(BANKS) == 0:
                if number % 140 == 0 and number:
                    self.sign_in()
                house = self.household()
            self.link(house, BANKS[number % len(BANKS)], number)

    def stop(self):
        for process in self.processes:
            if process.is_alive:
                process.kill()
