"""Several people in one household, how they get in, and what they let programs do."""

import base64
import hashlib
import hmac
import re
import struct
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


PEOPLE = [household, second_factor, keys_for_programs]
