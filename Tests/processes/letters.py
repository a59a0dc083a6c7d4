"""Webhooks as the simulated bank signs them: collected instead of delivered, so that a test can send them as it likes."""

import http.client
import http.server
import queue
import socketserver
import threading
import time


class Collector(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Takes the place of Magpie as the address of webhooks, and keeps what comes: (body, signature)."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Taking)
        self.letters = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def collect(self, bank, items, count, seconds=240):
        """Has the banks tell of so many changes."""
        begin = len(self.letters)
        for number in range(count):
            bank.pull("item/resend", item_id=items[number % len(items)], rows=1)
        end = time.monotonic() + seconds
        while len(self.letters) - begin < count and time.monotonic() < end:
            time.sleep(0.05)
        return self.letters[begin:]


class Taking(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.letters.append((body, self.headers["Plaid-Verification"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


def send_all(port, letters, senders=12):
    """Sends every letter as fast as it goes; gives the status of each, 0 where the connection broke."""
    waiting, statuses = queue.SimpleQueue(), [None] * len(letters)
    for number, letter in enumerate(letters):
        waiting.put((number, letter))

    def send():
        connection = None
        while True:
            try:
                number, (body, signature) = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("POST", "/v1/webhooks/plaid", body,
                                   {"Plaid-Verification": signature, "Content-Type": "application/json"})
                answer = connection.getresponse()
                statuses[number] = (answer.status, answer.read())
            except (OSError, http.client.HTTPException):
                statuses[number] = (0, b"")
                connection = None

    threads = [threading.Thread(target=send) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses
