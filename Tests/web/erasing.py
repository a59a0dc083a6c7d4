"""What cannot be taken back: an account, what a bank left, all simulated data, the household."""

import re

from playwright.sync_api import expect

from house import PASSWORD, accessible, ask, ready, sign_in


def prove(page, done):
    """The server may want to know whether it is still the same person."""
    proof = page.get_by_role("dialog", name="Is it still you?")
    expect(proof.or_(done).first).to_be_visible()
    if proof.is_visible():
        proof.get_by_label("Password").fill(PASSWORD)
        proof.get_by_role("button", name="It is me").click()
    expect(done.first).to_be_visible(timeout=60_000)


def erasing(world):
    """One button removes all simulated data; a bank that was disconnected takes its rows along; the household's name has to
    be typed."""
    context = world.browser.context()
    page = sign_in(world.house, context, to="/settings/data")
    ready(page)
    if "/v1/simulated/erase" not in page.request.get(world.house.address + "/openapi.json").json()["paths"]:
        print("      this server cannot erase, and its pages do not offer it")
        expect(page.get_by_role("button", name="Remove simulated data")).to_have_count(0)
        context.close()
        return
    toasts = page.locator("#toasts")
    zone = page.get_by_role("region", name="What cannot be taken back")
    accessible(page, "what cannot be taken back")
    zone.get_by_role("button", name="Remove simulated data").click()
    dialog = page.get_by_role("dialog", name="Remove all simulated data?")
    accessible(page, "remove all simulated data")
    dialog.get_by_role("button", name="Remove simulated data").click()
    prove(page, toasts.get_by_text(re.compile(r"Erased: [\d,]+ rows?\.")))
    left = ask(page, "GET", "/v1/accounts?limit=500")["body"]["data"]
    assert not [each for each in left if each.get("simulated") or each["connection"]], left
    page.goto(world.house.address + "/")
    ready(page)
    expect(page.get_by_text("First Platypus Bank")).to_have_count(0)

    page.goto(world.house.address + "/settings/data")
    ready(page)
    expect(zone.get_by_role("button", name="Remove simulated data")).to_have_count(0)
    zone.get_by_role("button", name="Erase the household").click()
    dialog = page.get_by_role("dialog")
    accessible(page, "erase the household")
    dialog.get_by_role("button", name="Erase the household").click()
    expect(dialog.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_role("textbox").fill(ask(page, "GET", "/v1/household")["body"]["name"])
    dialog.get_by_role("button", name="Erase the household").click()
    prove(page, page.get_by_text("Connect a bank to see your money here."))
    context.close()


ERASING = [erasing]
