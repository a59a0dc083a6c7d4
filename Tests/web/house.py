"""A server of its own for the tests of the web application, and a browser that notices everything that is wrong."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

expect.set_options(timeout=30_000)
PASSWORD = "seven odd magpies gather"
# While the pages are worked on: their files come from this folder instead of from the program, and need no build.
FILES = os.environ.get("WEB_FILES")
OWNER = {"name": "Ines Calder", "email": "ines@example.com"}


class House:
    """One data folder and the server on it."""

    def __init__(self, binary, **environment):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = tempfile.mkdtemp(prefix="magpie-web-")
        self.environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": self.folder, "LANG": "C.UTF-8", "MAGPIE_PORT": "0",
            "MAGPIE_DATA_DIR": self.folder + "/data", "MAGPIE_RATE_LIMITS": "off",
            "MAGPIE_REGISTRATION": "invite", "MAGPIE_OUTGOING_ALLOW": "127.0.0.1/32", **environment,
        }
        self.lines = []
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, port="0"):
        self.process = subprocess.Popen(
            [self.binary, "serve", "--port", port], env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            self.lines.append(line)
            found = re.search(r"listens on (http://\S+)", line)
            if found:
                self.address = found.group(1).replace("127.0.0.1", "localhost")
                break
        else:
            raise SystemExit("the server did not start:\n" + "".join(self.lines))
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def run(self, *words):
        for _ in range(5):
            done = subprocess.run([self.binary, *words], env=self.environment, capture_output=True, text=True, timeout=60)
            # The server may be writing for long where other programs want the disk as well.
            if "is locked by another program" not in done.stderr:
                break
        if done.returncode:
            raise SystemExit(f"magpie {words[0]} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def setup_secret(self):
        self.run("setup-link")
        return pathlib.Path(self.environment["MAGPIE_DATA_DIR"], "setup.secret").read_text().strip()


class Browser:
    """Chromium. What a page logs as an error, or what its policy refuses, fails the test that opened it."""

    def __init__(self):
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"])
        self.troubles = []
        self.allowed = []

    def close(self):
        self.chromium.close()
        self.playwright.stop()

    def context(self, width=1440, height=900, dark=False, locale="en-US", storage=None, **more):
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale=locale,
            reduced_motion="reduce", storage_state=storage, has_touch=width < 800, **more)
        context.add_init_script(
            "addEventListener('securitypolicyviolation', event => console.error('CSP refused ' + event.violatedDirective"
            " + ' ' + event.blockedURI))")
        context.on("page", self._watch)
        if FILES:
            context.route(re.compile(r"/web/[0-9a-f]+/"), self._from_folder)
        return context

    @staticmethod
    def _from_folder(route):
        path = pathlib.Path(FILES, route.request.url.split("?")[0].split("/web/")[1].split("/", 1)[1])
        kinds = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
        if path.is_file():
            route.fulfill(content_type=kinds.get(path.suffix, "text/plain"), body=path.read_bytes())
        else:
            route.fulfill(status=404)

    def _watch(self, page):
        def note(kind, text):
            if not any(re.search(rule, text) for rule in self.allowed):
                self.troubles.append(f"{kind} at {page.url}: {text}")

        page.on("console", lambda message: note("console", message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: note("script", str(error)))
        page.on("request", lambda request: note("foreign", request.url) if self._is_foreign(page, request.url) else None)

    @staticmethod
    def _is_foreign(page, url):
        return url.startswith("http") and not re.match(r"http://(localhost|127\.0\.0\.1)[:/]", url)

    def check(self):
        troubles, self.troubles = self.troubles, []
        assert not troubles, "\n".join(troubles)


def ready(page):
    """Waits until the page that the address names has been drawn."""
    page.wait_for_selector("html[data-ready=yes]", timeout=60_000)


def set_up(house, context, **owner):
    """Becomes the owner through the page."""
    owner = {**OWNER, **owner}
    page = context.new_page()
    page.goto(f"{house.address}/welcome#{house.setup_secret()}")
    page.get_by_label("Name").fill(owner["name"])
    page.get_by_label("Email").fill(owner["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Become the owner").click()
    page.wait_for_selector("nav.nav", state="attached")
    return page


def sign_in(house, context, email=OWNER["email"], to="/"):
    page = context.new_page()
    page.goto(f"{house.address}/sign-in?to={to}")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("nav.nav", state="attached")
    return page


def ask(page, method, path, body=None):
    """Asks the server as the page would."""
    return page.evaluate(
        """async ([method, path, body]) => {
          const { csrf } = JSON.parse(document.getElementById('start').textContent);
          const response = await fetch(path, { method, headers: { 'Content-Type': 'application/json', 'Magpie-CSRF': csrf },
            body: body === null ? undefined : JSON.stringify(body) });
          const text = await response.text();
          return { status: response.status, body: text ? JSON.parse(text) : null };
        }""", [method, path, body])


def until(page, script, seconds=20):
    """Waits for something of the page's own script: the policy refuses what playwright would wait with."""
    for _ in range(seconds * 10):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {script}")


def accessible(page, where):
    result = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    found = result.response["violations"]
    lines = [f"{each['id']}: {each['help']}\n    " + "\n    ".join(
        node["html"][:200] + "\n      " + node.get("failureSummary", "").replace("\n", " ")[:300] for node in each["nodes"][:4]) for each in found]
    assert not found, f"{where}:\n  " + "\n  ".join(lines)


def choose_category(page, name):
    page.get_by_role("combobox", name="Find a category").fill(name)
    page.get_by_role("option", name=name).first.click()
