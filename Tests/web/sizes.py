"""Each page in each size, light and dark, with much and with next to nothing in it. Pictures of all of it are kept in
.build/web-pages, to be looked at."""

import pathlib
import re

from playwright.sync_api import expect

from house import accessible, ask, ready

PAGES = [
    "/", "/accounts", "/transactions", "/cash-flow", "/investments", "/liabilities", "/activity", "/reports", "/categories",
    "/rules", "/budgets", "/recurring", "/ask", "/inbox", "/notifications", "/settings/profile", "/settings/security",
    "/settings/household", "/settings/sharing", "/settings/connections", "/settings/keys", "/settings/notifications",
    "/settings/currencies", "/settings/webhooks", "/settings/data", "/settings/import",
]
PICTURES = pathlib.Path(".build/web-pages")


def visit(page, world, path, picture=None):
    """Nothing is wider than the window, and there is a heading."""
    page.goto(world.house.address + path)
    ready(page)
    page.wait_for_selector("h1")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{path} at {page.viewport_size['width']}: {wide} px too wide"
    if picture:
        name = path.strip("/").replace("/", "-") or "overview"
        page.screenshot(path=PICTURES / f"{name}-{picture}.png", full_page=path != "/transactions")


def every_page(world):
    """Each page in each size: nothing to scroll sideways, no violation, light and dark."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width, height, dark in [(360, 780, False), (768, 1024, True), (1440, 900, True)]:
        page = world.page("/", width=width, height=height, dark=dark)
        for path in PAGES:
            visit(page, world, path, f"{width}{'-dark' if dark else ''}")
            if width == 360 or dark and width == 1440:
                accessible(page, f"{path} at {width}{' dark' if dark else ''}")
        page.context.close()
    page = world.page("/", width=320, height=640)
    for path in PAGES:
        visit(page, world, path)


def few_rows(world):
    """A household with nothing in it, with one row, and with twenty, of which one has a name that does not end."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = world.page("/")
    made = ask(page, "POST", "/v1/households", {"name": "A shed", "time_zone": "Europe/Berlin", "base_currency": "EUR"})
    assert made["status"] == 201, made
    household = made["body"]["id"]
    page.context.close()
    account = None
    phone, desk = (360, 780), (1440, 900)
    for count, sizes in [(0, [phone, desk]), (1, [phone]), (20, [desk])]:
        page = world.page("/")
        page.evaluate("id => localStorage.setItem('magpie.household', id)", household)
        if count == 1:
            account = fill(page, household, "POST", "/v1/accounts", {
                "name": "Purse", "kind": "cash", "currency": "EUR", "balance": {"amount": "-1234567.89", "currency": "EUR"}})["id"]
        for row in range(1 if count == 1 else count - 1):
            fill(page, household, "POST", "/v1/transactions", {
                "account": account, "amount": {"amount": f"{'-' if row % 3 else ''}{row * 7 + 1}.50", "currency": "EUR"}, "booked_on": f"2026-{1 + row % 10:02}-15",
                "name": "The bakery behind the station that has no name but this one" if row == 4 else f"Row {row}"})
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            for path in PAGES:
                visit(page, world, path, f"{width}-rows-{count}")
                if count == 0 and width == 360:
                    accessible(page, f"{path} with nothing in it")
        page.context.close()


def broken(world):
    """Where the server answers with nothing but trouble, each page says so, with a button; none waits for ever."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = world.page("/", width=360, height=780)
    world.browser.allowed = [r"status of 500"]
    most = re.compile(r"/v1/(?!me$|households$|events)")
    page.context.route(most, lambda route: route.fulfill(
        status=500, content_type="application/problem+json",
        body='{"type":"about:blank","title":"Something went wrong.","status":500,"code":"internal","request_id":"req_1"}'))
    for path in PAGES:
        page.goto(world.house.address + path)
        ready(page)
        if path in ("/settings/profile", "/settings/connections", "/settings/data", "/settings/security", "/settings/notifications"):
            # Their forms need nothing of the server, or say it in their own cards.
            page.wait_for_selector("h1")
        else:
            expect(page.get_by_role("alert").first, f"{path} with a server in trouble").to_be_visible()
            expect(page.get_by_role("button", name="Try again").first, path).to_be_visible()
        assert page.locator(".skel:visible").count() == 0, f"{path} still waits"
        name = path.strip("/").replace("/", "-") or "overview"
        page.screenshot(path=PICTURES / f"{name}-360-broken.png")
    # What comes later than the rest says so in its own place.
    page.context.unroute(most)
    page.context.route(re.compile(r"/v1/(forecast|cashflow)\?"), lambda route: route.fulfill(
        status=500, content_type="application/problem+json", body='{"title":"Something went wrong.","status":500,"code":"internal"}'))
    for path in ["/", "/cash-flow"]:
        page.goto(world.house.address + path)
        expect(page.locator("#ahead, #by").get_by_role("alert")).to_be_visible()
        expect(page.locator("h2").first).to_be_visible()
    world.browser.allowed = []
    page.context.close()


def fill(page, household, method, path, body):
    """Asks in that household."""
    done = page.evaluate(
        """async ([household, method, path, body]) => {
          const { csrf } = JSON.parse(document.getElementById('start').textContent);
          const response = await fetch(path, { method, body: JSON.stringify(body), headers: {
            'Content-Type': 'application/json', 'Magpie-CSRF': csrf, 'Magpie-Household': household } });
          return { status: response.status, body: await response.json() };
        }""", [household, method, path, body])
    assert done["status"] == 201, done
    return done["body"]


SIZES = [every_page, few_rows, broken]
