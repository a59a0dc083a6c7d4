"""Runs Magpie beside a mail server that wants encryption and a password, and beside a program that is told what happens;
kills it in between. Mails have to arrive as they should, and every event has to, signed, in order and without a gap.

    outgoing.py MAGPIE
"""

import email
import email.policy
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from standardwebhooks import Webhook

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "a secret & more"


def documented():
    """The check of signatures as docs/events.md shows it."""
    text = (ROOT / "docs" / "events.md").read_text()
    space = {}
    exec(re.search(r"```python\n(.*?)```", text, re.S).group(1), space)
    return space["verify"]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Mails:
    """Takes mails in, encrypted and from whoever has the password."""

    def __init__(self, folder):
        self.certificate = folder / "mail.pem"
        key = folder / "mail.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", self.certificate],
            check=True, stderr=subprocess.DEVNULL)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.certificate, key)
        self.taken = []
        self.controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), tls_context=tls, require_starttls=True, auth_required=True,
            authenticator=self.authenticate)
        self.controller.start()
        self.port = self.controller.port

    def authenticate(self, server, session, envelope, mechanism, data):
        return AuthResult(success=data.login == b"magpie" and data.password == PASSWORD.encode())

    async def handle_DATA(self, server, session, envelope):
        assert session.ssl is not None
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


class Receiver:
    """A program that is told what happens. It fails now and then."""

    def __init__(self):
        receiver = self
        self.calls, self.lock, self.failures = [], threading.Lock(), 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.lock:
                    receiver.failures += 1
                    fails = receiver.failures % 7 == 3
                    if not fails:
                        receiver.calls.append((dict(self.headers.items()), body))
                self.send_response(500 if fails else 204)
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def positions(self):
        with self.lock:
            return [json.loads(body)["position"] for _, body in self.calls]


class Server:
    def __init__(self, magpie, folder, mails):
        quoted = urllib.parse.quote(PASSWORD, safe="")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "MAGPIE_DATA_DIR": str(folder / "data"),
            "MAGPIE_PUBLIC_URL": "https://money.example", "MAGPIE_OUTGOING_ALLOW": "127.0.0.1",
            "MAGPIE_SMTP_URL": f"smtp://magpie:{quoted}@localhost:{mails.port}",
            "MAGPIE_SMTP_CA_FILE": str(mails.certificate), "MAGPIE_MAIL_FROM": "magpie@money.example",
        }
        self.magpie, self.folder = magpie, folder
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.magpie, "serve", "--port", "0"], env=self.environment, stdout=subprocess.PIPE,
            stderr=open(self.folder / "serve.err", "a"), text=True)
        for line in self.process.stdout:
            found = re.search(r"http://(127\.0\.0\.1|localhost):\d+", line)
            if found:
                self.url = found.group()
                break
        else:
            raise SystemExit("magpie serve did not start: " + (self.folder / "serve.err").read_text()[-500:])
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.token = (self.folder / "data" / "api.token").read_text().strip()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def call(self, method, path, body=None):
        head = {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, head, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()[:300]}")


def wait(what, is_so, seconds=60):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not come about")
        time.sleep(0.1)


def main(magpie):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="magpie-outgoing-"))
    mails, receiver = Mails(folder), Receiver()
    server = Server(magpie, folder, mails)
    try:
        connections = lambda: server.call("GET", "/v1/connections")["data"]
        wait("a history", lambda: any(each["history"] == "historical" for each in connections()))

        # A mail: encrypted, from whoever has the password, as it should be.
        made = server.call("POST", "/v1/invitations", {"role": "member", "email": "olive@example.com"})
        wait("a mail", lambda: mails.taken)
        mail = mails.taken[0]
        assert mail["To"] == "olive@example.com" and mail["From"] == "Magpie <magpie@money.example>", mail.items()
        assert made["secret"] in mail.get_content() and "https://money.example/invitation#" in mail.get_content()
        print("a mail came, encrypted")

        # Events: each once at least, in order, signed.
        endpoint = server.call("POST", "/v1/webhook-endpoints", {"url": receiver.url})
        tested = server.call("POST", f"/v1/webhook-endpoints/{endpoint['id']}/test")
        assert tested["status"] in (204, 500), tested
        with receiver.lock:
            receiver.calls.clear()
        connection = connections()[0]["id"]
        for kill in range(4):
            for _ in range(3):
                server.call("POST", f"/v1/connections/{connection}/sync")
            if kill < 3:
                server.kill()
                server.start()
        listed = lambda: server.call("GET", "/v1/webhook-endpoints")["data"][0]
        first = endpoint["position"] + 1
        wait("the last event", lambda: receiver.positions() and listed()["position"] == max(receiver.positions()), 100)
        time.sleep(1.5)
        last = listed()["position"]
        positions = receiver.positions()
        assert sorted(set(positions)) == list(range(first, last + 1)), (first, last, positions)
        seen = first - 1
        for position in positions:
            assert position <= seen + 1, f"{position} after {seen}"
            seen = max(seen, position)
        verify, judge, names = documented(), Webhook(endpoint["secret"]), {}
        for headers, body in receiver.calls:
            headers = {name.lower(): value for name, value in headers.items()}
            assert verify(endpoint["secret"], headers, body) and not verify(endpoint["secret"], headers, body + b" ")
            event = judge.verify(body, headers)
            names.setdefault(event["position"], set()).add(headers["webhook-id"])
        assert all(len(each) == 1 for each in names.values())
        kinds = {json.loads(body)["type"] for _, body in receiver.calls}
        assert {"sync.started", "sync.finished"} <= kinds, kinds
        print(f"{len(positions)} calls for {last - first + 1} events over three kills: none missing, all in order")
    finally:
        server.kill()
        mails.controller.stop()
    print("outgoing: all as it should be")


main(sys.argv[1])
