"""The programs under test, started as a person would start them: the simulated bank and Magpie itself."""

import datetime
import decimal
import json
import re
import secrets
import subprocess
import threading
import time
import urllib.request


def days(number):
    """A day as the database counts them."""
    return str(datetime.date(1970, 1, 1) + datetime.timedelta(days=number))


class Bank:
    """The simulated bank: a process, its levers, and what it holds for the truth."""

    def __init__(self, magpie, folder, seed, is_verbose=False):
        self.client_id, self.secret = secrets.token_hex(12), secrets.token_hex(15)
        words = [magpie, "sandbox", "--port", "0", "--seed", str(seed), "--control"]
        words += ["--client-id", self.client_id, "--secret", self.secret]
        words += ["--verbose"] if is_verbose else []
        self.errors = open(folder / "bank.err", "w")
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.url = None
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.url = found.group()
                break
        if self.url is None:
            raise SystemExit("the simulated bank did not start")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def post(self, path, body):
        head = {"Content-Type": "application/json", "PLAID-CLIENT-ID": self.client_id, "PLAID-SECRET": self.secret}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), head)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read(), parse_float=decimal.Decimal)

    def pull(self, lever, **body):
        return self.post("/control/" + lever, body)

    def public_token(self, institution, user, products=("transactions",)):
        options = {"override_username": user, "transactions": {"days_requested": 730}}
        body = {"institution_id": institution, "initial_products": list(products), "options": options}
        return self.post("/sandbox/public_token/create", body)["public_token"]

    def items(self):
        return [item["item_id"] for item in self.pull("state")["items"] if not item["is_removed"]]


class Runs:
    """Starts `magpie`, and knows how it should end."""

    def __init__(self, magpie, folder, environment):
        self.magpie, self.folder, self.environment = magpie, folder, environment
        self.count = 0

    def start(self, *words):
        self.count += 1
        errors = open(self.folder / f"run-{self.count}.err", "w+")
        process = subprocess.Popen(
            [self.magpie, *words], env=self.environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        process.errors = errors
        process.began = time.monotonic()
        return process

    def finish(self, process):
        out = process.communicate(timeout=120)[0]
        process.errors.seek(0)
        errors = process.errors.read()
        process.errors.close()
        return out, errors

    def done(self, *words):
        process = self.start(*words)
        out, errors = self.finish(process)
        if process.returncode != 0:
            raise SystemExit(f"magpie {' '.join(words)} ended with {process.returncode}: {errors}{out}")
        return out, time.monotonic() - process.began
