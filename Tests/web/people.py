"""Several people in one household, how they get in, and what they let programs do."""

import base64
import hashlib
import hmac
import http.server
import re
import struct
import threading
import time

from playwright.sync_api import expect

from house import PASSWORD, accessible, ask, ready, sign_in



def totp(secret, at=None):
    key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8))
    digest = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def household(world):
    """An invitation becomes a second person, who sees what is shared and what the first one does, without reloading."""
    page = world.page("/settings/household")
    page.get_by_label("Day on which a month begins").select_option("5")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved")
    page.goto(world.house.address + "/settings/household")
    expect(page.get_by_label("Day on which a month begins")).to_have_value("5")
    assert ask(page, "PATCH", "/v1/household", {"first_month_day": 1})["status"] == 200
    expect(page.get_by_label("Day on which a month begins")).to_have_value("1")
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog")
    accessible(page, "invite")
    dialog.get_by_role("button", name="Make the link").click()
    link = dialog.get_by_label("Invitation link").input_value()
    dialog.get_by_role("button", name="Done").click()
    context = world.browser.context()
    other = context.new_page()
    other.goto(link)
    ready(other)
    accessible(other, "invitation")
    other.get_by_label("Name").fill("Tomas Calder")
    other.get_by_label("Email").fill("tomas@example.com")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Join").click()
    expect(other.get_by_role("heading", name="Overview")).to_be_visible(timeout=20_000)
    other.goto(world.house.address + "/accounts")
    ready(other)
    page.goto(world.house.address + "/settings/household")
    expect(page.get_by_text("Tomas Calder").first).to_be_visible()
    page.goto(world.house.address + "/settings/sharing")
    select = page.get_by_role("combobox").first
    select.select_option("full")
    expect(page.locator("#toasts")).to_contain_text("others see “Everything”")
    live_between(world, page, other, select.get_attribute("data-share"))
    context.close()


def live_between(world, page, other, account):
    """What one of two does on a shared account, the other sees without reloading."""
    other.goto(f"{world.house.address}/transactions?account={account}")
    page.goto(f"{world.house.address}/transactions?account={account}")
    ready(other)
    ready(page)
    identity = page.locator(".vrows .tx").first.get_attribute("data-id")
    assert identity, "nothing to write on"
    for writer, reader, name in [(page, other, "Named by Ines"), (other, page, "Named by Tomas")]:
        done = ask(writer, "PATCH", f"/v1/transactions/{identity}", {"name": name})
        assert done["status"] == 200, done
        expect(reader.locator(f".vrows [data-id={identity}]")).to_contain_text(name, timeout=10_000)
    other.locator(f".vrows [data-id={identity}] a").click()
    other.get_by_text("History", exact=True).click()
    expect(other.locator("#history")).to_contain_text("Ines Calder")
    ask(page, "PATCH", f"/v1/transactions/{identity}", {"name": None})


def second_factor(world):
    """Set up, asked for, and a recovery code where the phone is lost."""
    context = world.browser.context()
    page = sign_in(world.house, context, "tomas@example.com", to="/settings/security")
    page.get_by_role("button", name="Set up a second factor").click()
    dialog = page.get_by_role("dialog", name="Set up a second factor")
    secret = dialog.get_by_label("Secret").input_value()
    accessible(page, "second factor")
    dialog.get_by_label("Then type the code").fill(totp(secret))
    dialog.get_by_role("button", name="Turn it on").click()
    codes = page.get_by_role("dialog", name="Your recovery codes")
    expect(codes).to_be_visible()
    code = codes.locator("code").first.inner_text()
    codes.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("On", exact=True)).to_be_visible()
    context.close()
    world.browser.allowed = [r"status of 401"]
    fresh = world.browser.context()
    page = fresh.new_page()
    page.goto(world.house.address + "/sign-in")
    page.get_by_label("Email").fill("tomas@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    fresh.close()
    world.browser.allowed = []


def keys_for_programs(world):
    """A key is shown once and revoked for good."""
    context = world.browser.context()
    page = sign_in(world.house, context, to="/settings/keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("What is it for?").fill("A spreadsheet")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_label("Key", exact=True)).to_have_value(re.compile("^mgk_"))
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No keys.")).to_be_visible()
    page.goto(world.house.address + "/activity")
    expect(page.get_by_text("Revoked an API key")).to_be_visible()
    context.close()


class Listener:
    """A program that is told what happens."""

    def __enter__(self):
        heard = self.heard = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                heard.append((self.headers["webhook-signature"], self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook"
        return self

    def __exit__(self, *_):
        self.server.shutdown()


def webhooks(world):
    """An address is added, its secret shown once; it is tested, told, halted and taken away."""
    context = world.browser.context()
    page = sign_in(world.house, context, to="/settings/webhooks")
    toasts = page.locator("#toasts")
    expect(page.get_by_text("No address is told anything.")).to_be_visible()
    with Listener() as listener:
        page.get_by_role("button", name="New address").click()
        dialog = page.get_by_role("dialog", name="New address")
        accessible(page, "a webhook address")
        dialog.get_by_label("Address").fill("ftp://nowhere.example")
        world.browser.allowed = [r"status of 422"]
        dialog.get_by_role("button", name="Add the address").click()
        expect(dialog.get_by_text("must be an https address")).to_be_visible()
        world.browser.allowed = []
        dialog.get_by_label("Address").fill(listener.address)
        dialog.get_by_label("What is it for?").fill("A ledger of one's own")
        dialog.get_by_label("Transactions").check()
        dialog.get_by_role("button", name="Add the address").click()
        shown = page.get_by_role("dialog", name="Secret")
        expect(shown.get_by_label("Secret", exact=True)).to_have_value(re.compile("^whsec_"))
        shown.get_by_role("button", name="Done").click()
        row = page.locator("[data-hook]")
        expect(row).to_contain_text("Told of: Transactions")
        row.get_by_role("button", name="Send a test").click()
        expect(toasts).to_contain_text("It answered 204")
        assert b'"ping"' in listener.heard[0][1] and listener.heard[0][0].startswith("v1,")
        account = ask(page, "GET", "/v1/transactions?limit=1")["body"]["data"][0]["id"]
        assert ask(page, "PATCH", f"/v1/transactions/{account}", {"notes": "heard"})["status"] == 200
        for _ in range(200):
            if len(listener.heard) > 1:
                break
            page.wait_for_timeout(100)
        assert b'"transaction.changed"' in listener.heard[1][1], listener.heard
        row.get_by_role("button", name="What was sent").click()
        dialog = page.get_by_role("dialog", name="What was sent")
        expect(dialog.get_by_role("listitem").first).to_contain_text("transaction.changed")
        accessible(page, "deliveries")
        dialog.get_by_role("button", name=re.compile("^Send transaction.changed, number")).first.click()
        expect(toasts).to_contain_text("It is on its way.")
        dialog.get_by_role("button", name="Close").click()
        row.get_by_role("button", name="Pause").click()
        expect(row).to_contain_text("Paused")
        row.get_by_role("button", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(page.get_by_text("No address is told anything.")).to_be_visible()
    context.close()


PEOPLE = [household, second_factor, keys_for_programs, webhooks]
