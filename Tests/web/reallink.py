"""The page of the real Link, with a recorded stand-in for Plaid's script: what it is asked to open, update mode, and the
way back from a bank's own site."""

import json
import re
import subprocess
import urllib.request

from playwright.sync_api import expect

from house import House, ready, set_up, until

KEYS = {"client_id": "0123456789abcdef01234567", "secret": "fedcba9876543210fedcba9876543210"}

FAKE = """
globalThis.calls = [];
globalThis.Plaid = { create(config) {
  calls.push({ token: config.token, receivedRedirectUri: config.receivedRedirectUri ?? null, has: ['onSuccess', 'onExit', 'onEvent'].filter(name => typeof config[name] === 'function') });
  globalThis.link = config;
  return { open() { calls.push('open'); config.onEvent('OPEN', { link_session_id: 's' }); }, destroy() { calls.push('destroy'); } };
} };
"""


class PlaidServer:
    """A server that speaks Plaid's protocol, as somebody's real one."""

    def __init__(self, binary):
        self.process = subprocess.Popen(
            [binary, "sandbox", "--port", "0", "--client-id", KEYS["client_id"], "--secret", KEYS["secret"]],
            stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.address = found.group(0)
                break

    def post(self, path, body):
        request = urllib.request.Request(
            self.address + path, json.dumps({**KEYS, **body}).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def public_token(self, institution):
        return self.post("/sandbox/public_token/create", {
            "institution_id": institution, "initial_products": ["transactions"],
            "options": {"override_username": "user_good", "override_password": "pass_good"}})["public_token"]

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def real_link(world):
    plaid = PlaidServer(world.house.binary)
    world.browser.allowed = [r"https://cdn\.plaid\.com/"]
    try:
        environment = {
            "PLAID_CLIENT_ID": KEYS["client_id"], "PLAID_SECRET": KEYS["secret"], "PLAID_ENV": "sandbox",
            "PLAID_BASE_URL": plaid.address,
        }
        with House(world.house.binary, **environment) as house:
            visit(world, house, plaid)
    finally:
        plaid.stop()
        world.browser.allowed = []


def visit(world, house, plaid):
    context = world.browser.context()
    context.route("https://cdn.plaid.com/**", lambda route: route.fulfill(content_type="text/javascript", body=FAKE))
    page = set_up(house, context)
    ready(page)
    assert "cdn.plaid.com" not in page.request.get(house.address + "/").headers["content-security-policy"]
    expect(page.get_by_text("Connect a bank to see your money here.")).to_be_visible()
    page.get_by_role("button", name="Connect a bank").first.click()
    page.wait_for_url("**/link?*")
    until(page, "globalThis.calls?.includes('open') ?? false")
    first = page.evaluate("calls[0]")
    assert first["token"].startswith("link-sandbox-") and first["receivedRedirectUri"] is None, first
    assert first["has"] == ["onSuccess", "onExit", "onEvent"], first

    # A bank's own site comes back to us: the same token, and the address it came back to.
    page.goto(house.address + "/link/return?oauth_state_id=abc")
    until(page, "globalThis.calls?.includes('open') ?? false")
    again = page.evaluate("calls[0]")
    assert again["token"] == first["token"], "another token after the way back"
    assert again["receivedRedirectUri"].endswith("/link/return?oauth_state_id=abc"), again

    token = plaid.public_token("ins_109508")
    page.evaluate("""token => link.onSuccess(token, { link_session_id: 's', institution: { institution_id: 'ins_109508', name: 'First Platypus Bank' },
      accounts: [{ id: 'x', name: 'Everyday Checking', mask: '0000', type: 'depository' }] })""", token)
    expect(page.get_by_text("First Platypus Bank").first).to_be_visible(timeout=30_000)
    assert page.evaluate("sessionStorage.getItem('magpie.link')") is None

    # What is billed says so before it is done.
    page.goto(house.address + "/accounts")
    page.get_by_role("button", name="Ask the bank").click()
    expect(page.get_by_text("This call is billed to whoever runs this server: about $0.12.")).to_be_visible()
    expect(page.get_by_text("This call is billed to whoever runs this server: about $0.10.")).to_be_visible()

    # Update mode names the connection, and makes none.
    page.goto(house.address + "/accounts")
    page.get_by_role("button", name="Sign in again").first.click()
    until(page, "globalThis.calls?.includes('open') ?? false")
    assert "connection=con_" in page.url, page.url
    assert page.evaluate("calls[0].token") != first["token"]
    page.evaluate("link.onSuccess('ignored', { link_session_id: 's' })")
    page.wait_for_url("**/accounts", timeout=30_000)
    expect(page.locator("[data-connection]")).to_have_count(1)

    # Leaving changes nothing; a failure is said in words; a way back that nobody began is not followed.
    page.goto(house.address + "/link?back=//evil.example/")
    until(page, "globalThis.calls?.includes('open') ?? false")
    page.evaluate("link.onExit({ error_code: 'INSTITUTION_DOWN', display_message: 'This bank is down.' }, { status: 'x' })")
    expect(page.get_by_text("This bank is down.")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    page.wait_for_url("**/accounts")
    page.goto(house.address + "/link/return?oauth_state_id=abc")
    expect(page.get_by_text("This visit has ended.")).to_be_visible()
    context.close()
