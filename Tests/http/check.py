"""Asks a running server everything that its description allows and much that it does not (schemathesis), and has a client
made from the description (openapi-python-client) that reads an account.

    check.py MAGPIE
"""

import importlib
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).parent
# What is not checked may shrink. Whoever wants to add to it has to change this too, and say why there.
OPERATIONS_MAX, CHECKS_MAX, RULES_MAX = 4, 2, 26
PASSWORD = "odd jam on a tin roof"


class Server:
    """`magpie serve` on a fresh database, past its first start."""

    def __init__(self, magpie, folder):
        self.folder = folder
        self.metrics = secrets.token_urlsafe(24)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "MAGPIE_DATA_DIR": str(folder / "data"),
            "MAGPIE_RATE_LIMITS": "off", "MAGPIE_PASSWORD_COST": "least", "MAGPIE_REGISTRATION": "open",
            "MAGPIE_METRICS_TOKEN": self.metrics,
        }
        self.errors = open(folder / "serve.err", "w")
        self.process = subprocess.Popen(
            [magpie, "serve", "--port", "0"], env=self.environment, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.origin = None
        for line in self.process.stdout:
            found = re.search(r"listens on (http://127\.0\.0\.1:\d+)", line)
            if found:
                self.origin = found.group(1)
                break
        if self.origin is None:
            raise SystemExit("magpie serve did not start")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.token = (folder / "data" / "api.token").read_text().strip()
        subprocess.run([magpie, "setup-link"], env=self.environment, check=True, stdout=subprocess.DEVNULL)
        secret = (folder / "data" / "setup.secret").read_text().strip()
        owner = {"secret": secret, "name": "Olive", "email": "olive@money.example", "password": PASSWORD}
        self.call("POST", "/v1/setup", owner)
        for _ in range(300):
            if json.loads(self.call("GET", "/v1/transactions?limit=1"))["data"]:
                break
            time.sleep(0.2)
        else:
            raise SystemExit("the simulated bank was not read")

    def call(self, method, path, body=None):
        head = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data, head, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.errors.close()
        return code


def exclusions():
    listed = json.loads((HERE / "exclusions.json").read_text())
    for entry in listed["operations"] + listed["checks"] + listed["rules"]:
        if len(entry["reason"]) < 20:
            raise SystemExit(f"an exclusion without a reason: {entry}")
    if len(listed["operations"]) > OPERATIONS_MAX or len(listed["checks"]) > CHECKS_MAX or len(listed["rules"]) > RULES_MAX:
        raise SystemExit("exclusions.json has grown")
    words = ["--exclude-checks", ",".join(entry["check"] for entry in listed["checks"])]
    for entry in listed["operations"]:
        words += ["--exclude-path", entry["path"]]
    return words


def ask_everything(server, tools, description):
    words = [
        str(tools / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"), "run", str(description),
        "--url", server.origin, "--exclude-deprecated", "--no-color", "--request-timeout", "90", *exclusions(),
    ]
    environment = server.environment | {
        "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "MAGPIE_ORIGIN": server.origin,
        "MAGPIE_TOKEN": server.token,
    }
    done = subprocess.run(words, env=environment, cwd=server.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        print(done.stdout)
        raise SystemExit(f"schemathesis ended with {done.returncode}")
    print("\n".join(line for line in done.stdout.splitlines() if re.search("Tested:|generated|Seed|Scenarios|API Links", line)))


def read_an_account(server, tools, description):
    """A client that knows nothing but the description."""
    client = server.folder / "client"
    subprocess.run(
        [str(tools / "openapi-python-client"), "generate", "--path", str(description), "--meta", "none",
         "--output-path", str(client / "magpie_client"), "--fail-on-warning",
         "--config", str(HERE / "client.yml")],
        check=True, stdout=subprocess.DEVNULL)
    sys.path.insert(0, str(client))
    package = importlib.import_module("magpie_client")
    operation = importlib.import_module("magpie_client.api.accounts.list_accounts")
    page = operation.sync(client=package.AuthenticatedClient(base_url=server.origin, token=server.token))
    shown = json.loads(server.call("GET", "/v1/accounts"))["data"]
    assert [row.id for row in page.data] == [row["id"] for row in shown] and len(shown) > 3
    balance = page.data[0].balance.current
    assert balance.amount == shown[0]["balance"]["current"]["amount"], "the same amount, digit by digit"
    modules = list((client / "magpie_client" / "api").rglob("*.py"))
    print(f"a generated client of {len(modules)} modules read {len(shown)} accounts")


def main():
    exclusions()
    tools = pathlib.Path(sys.executable).parent
    magpie = os.path.abspath(sys.argv[1])
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="magpie-http-") as folder:
        server = Server(magpie, pathlib.Path(folder))
        try:
            description = pathlib.Path(folder) / "openapi.json"
            description.write_bytes(server.call("GET", "/openapi.json"))
            read_an_account(server, tools, description)
            ask_everything(server, tools, description)
        finally:
            code = server.stop()
        if code != 0:
            raise SystemExit(f"the server ended with {code} when it was told to stop")
    print(f"nothing was wrong, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
