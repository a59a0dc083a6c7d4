"""People in front of the web application: Debian's Chromium against a server of its own.

usage: web.py MAGPIE [words in tests' names, with commas between them]

Console errors, refusals of the Content-Security-Policy and requests to other hosts fail whatever test they happen in.
"""

import re
import sys
import time
import traceback

from playwright.sync_api import expect

from banks import BANKS
from erasing import ERASING
from filing import FILING
from house import (
    FILES, OWNER, PASSWORD, Browser, House, accessible, ask, choose_category, ready, set_up, sign_in, until)
from imports import IMPORTS
from people import PEOPLE
from plans import PLANS
from reallink import real_link
from rows import ROWS
from sizes import SIZES

class World:
    """What the tests have in common: one server, its owner's sign-in."""

    def __init__(self, binary, house, browser):
        self.binary, self.house, self.browser = binary, house, browser
        self.storage = None

    def page(self, path="/", **more):
        context = self.browser.context(storage=self.storage, **more)
        page = context.new_page()
        page.goto(self.house.address + path)
        ready(page)
        return page


# The first start


def first_run(world):
    """From nothing to the first dashboard, through the pages alone."""
    context = world.browser.context()
    page = context.new_page()
    page.goto(world.house.address + "/")
    ready(page)
    expect(page.get_by_role("heading", name="Welcome to Magpie")).to_be_visible()
    accessible(page, "welcome")
    page.get_by_label("Set-up secret").fill("mgs_wrong")
    page.get_by_label("Name").fill(OWNER["name"])
    page.get_by_label("Email").fill("not an address")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Become the owner").click()
    expect(page.get_by_text("This does not look like an email address.")).to_be_visible()
    page.get_by_label("Email").fill(OWNER["email"])
    world.browser.allowed = [r"status of 4\d\d"]
    page.get_by_role("button", name="Become the owner").click()
    expect(page.get_by_text("must have 12 to 128 characters")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Become the owner").click()
    expect(page.get_by_text("This secret is not valid.")).to_be_visible()
    world.browser.allowed = []
    page = set_up(world.house, context)
    expect(page.get_by_role("heading", name="Net worth")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("First Platypus Bank").first).to_be_visible()
    assert "mgs_" not in page.url
    page.close()
    page = context.new_page()
    page.goto(world.house.address + "/welcome")
    expect(page.get_by_role("heading", name="Net worth").or_(page.get_by_role("heading", name="Sign in"))).to_be_visible()
    world.storage = context.storage_state()


def signing_in(world):
    """A wrong password is told from a right one, a deep address is kept, and signing out ends it."""
    context = world.browser.context()
    page = context.new_page()
    page.goto(world.house.address + "/accounts")
    ready(page)
    accessible(page, "sign-in")
    world.browser.allowed = [r"status of 401"]
    page.get_by_label("Email").fill(OWNER["email"])
    page.get_by_label("Password").fill("not the password at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("That is not right.")).to_be_visible()
    page = sign_in(world.house, context, to="/accounts")
    expect(page.get_by_role("heading", name="Accounts", exact=True)).to_be_visible()
    page.get_by_role("button", name="Ines Calder, account menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(world.house.address + "/transactions")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    # What was asked for while signing out may have come too late.
    world.browser.allowed = []


# Looking


def reports(world):
    """Streams, lists by four things, a stretch of time of one's own, and a file for spreadsheets."""
    page = world.page("/reports")
    expect(page.get_by_role("heading", name="Streams")).to_be_visible()
    assert page.locator(".sankey .band").count() > 3
    for by in ["Merchant", "Account", "Category"]:
        page.get_by_role("radio", name=by).check()
        expect(page).to_have_url(re.compile(f"by={by.lower()}"))
        expect(page.locator("#by")).to_be_visible()
    page.get_by_role("button", name="This year").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    text = open(waiting.value.path(), encoding="utf-8-sig").read()
    assert text.startswith('"name","amount"') and "USD" in text, text[:200]


def categories(world):
    """A category of one's own is made, renamed, hidden and taken back."""
    page = world.page("/categories")
    page.get_by_role("button", name="New category").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Beekeeping")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Beekeeping is added")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("Find a category").fill("beekeep")
    page.get_by_role("button", name="Change Beekeeping").click()
    accessible(page, "a category")
    page.get_by_role("dialog").get_by_role("button", name="Hide").click()
    expect(page.get_by_text("hidden", exact=True)).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").last.click()
    expect(page.get_by_text("hidden", exact=True)).to_have_count(0)


def worth_over_time(world):
    """The line of net worth follows the range, with the same numbers as a table."""
    page = world.page("/")
    expect(page.locator("canvas").first).to_have_attribute("data-drawn", "yes")
    page.get_by_role("radio", name="3M").check()
    expect(page.get_by_role("radio", name="3M")).to_be_checked()
    page.locator("summary", has_text="Show as table").first.click()
    assert page.locator("details[open] tbody tr").count() > 5


def privacy(world):
    """One key takes every amount out of the page, for eyes and for screen readers."""
    page = world.page("/")
    assert re.search(r"\$\d", page.locator("#page").inner_text())
    page.keyboard.press("h")
    expect(page.locator("html")).to_have_attribute("data-privacy", "on")
    for path in ["/", "/accounts", "/transactions", "/cash-flow", "/liabilities", "/investments"]:
        page.goto(world.house.address + path)
        ready(page)
        markup = page.locator("#page").inner_html()
        assert not re.search(r"[$€]\s?\d", markup), f"{path}: {re.search(r'.{80}[$€].?[0-9].{40}', markup)}"
    page.keyboard.press("h")
    expect(page.locator("html")).to_have_attribute("data-privacy", "off")


def palette(world):
    """Ctrl-K leads anywhere."""
    page = world.page("/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    accessible(page, "palette")
    page.keyboard.type("sav")
    expect(page.get_by_role("option", name=re.compile("Joint Savings")).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Joint Savings")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Cash flow", exact=True).first).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def keyboard_only(world):
    """Everything on the way to a linked bank can be reached and left by keys."""
    page = world.page("/accounts")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-connect]')"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_label("Find your bank")).to_be_focused()
    page.keyboard.type("houndstooth")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('[data-connect]')"), "the focus is lost"


def phone(world):
    """The thumb reaches every place."""
    page = world.page("/", width=390, height=800)
    bar = page.get_by_role("navigation", name="Main, phone")
    bar.get_by_role("link", name="Transactions").tap()
    page.locator(".vrows .tx a").first.tap()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").tap()
    expect(sheet).to_have_count(0)
    bar.get_by_role("button", name="More").tap()
    page.get_by_role("dialog").get_by_role("link", name="Settings").tap()
    page.get_by_role("link", name="Security").tap()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()


def other_language(world):
    """German from the first heading to the last amount, kept by the person."""
    page = world.page("/", locale="de-DE")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.goto(world.house.address + "/settings/profile")
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    page.goto(world.house.address + "/")
    ready(page)
    text = page.locator("#root").inner_text()
    assert re.search(r"\d\.\d{3},\d{2}", text), "amounts are not written the German way"
    for word in ["Net worth", "Transactions", "Cash flow", "Settings"]:
        assert word not in text, f"{word} is still English"
    assert page.locator("html").get_attribute("lang") == "de"
    # Categories keep their codes, and have names of the language; all of them.
    page.goto(world.house.address + "/categories")
    ready(page)
    text = page.locator("#page").inner_text()
    assert "Lebensmittel" in text and "Wohnen und Nebenkosten" in text
    standard = [each["name"] for each in ask(page, "GET", "/v1/categories")["body"]["data"] if each["system"]]
    english = [name for name in standard if re.search(rf"(?m)^{re.escape(name)}$", text) and name not in ("Restaurants", "Hotels")]
    assert not english, f"still English: {english}"
    page.goto(world.house.address + "/settings/profile")
    page.get_by_label("Sprache").select_option("en")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


def paper(world):
    """Printed, a page is its content alone, with all its charts."""
    page = world.page("/")
    expect(page.get_by_role("region", name="What lies ahead")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    until(page, "[...document.querySelectorAll('canvas')].every(each => each.dataset.drawn === 'yes')")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_hidden()
    expect(page.get_by_role("heading", name="Net worth")).to_be_visible()
    page.emulate_media(media="screen")


# Living


def one_voice(world):
    """Eight tabs listen with one voice, a change reaches all of them, and another tab takes over when that one closes."""
    context = world.browser.context(storage=world.storage)
    streams = []
    context.on("request", lambda request: streams.append(request.frame.page) if "/v1/events" in request.url else None)
    tabs = []
    for _ in range(8):
        page = context.new_page()
        page.goto(world.house.address + "/transactions")
        ready(page)
        tabs.append(page)
    until(tabs[0], "navigator.locks.query().then(all => all.held.some(lock => lock.name === 'magpie-live'))")
    assert len(streams) == 1, f"{len(streams)} streams"
    identity = tabs[0].locator(".vrows .tx").nth(1).get_attribute("data-id")

    def told(name, listeners):
        # Another browser, so that nothing is told from tab to tab.
        writer = world.page("/activity")
        assert ask(writer, "PATCH", f"/v1/transactions/{identity}", {"name": name})["status"] == 200
        for tab in listeners:
            expect(tab.locator(f".vrows [data-id={identity}]")).to_contain_text(name or "", timeout=15_000)
        writer.context.close()

    told("Heard by eight", tabs)
    assert len(streams) == 1, f"{len(streams)} streams"
    leader = streams[0]
    tabs.remove(leader)
    leader.close()
    for _ in range(100):
        if len(streams) > 1:
            break
        tabs[0].wait_for_timeout(100)
    assert len(streams) == 2, f"{len(streams)} streams after the listening tab was closed"
    told("Heard by seven", tabs)
    told(None, [])
    context.close()


def restart(world):
    """The server goes away and comes back: nobody is signed out, and nothing is said of a short pause."""
    page = world.page("/accounts")
    world.browser.allowed = [r"ERR_CONNECTION_REFUSED", r"Failed to fetch", r"ERR_EMPTY_RESPONSE"]
    port = world.house.address.split(":")[-1]
    world.house.stop()
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Cash flow").click()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")
    world.house.start(port)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Cash flow", exact=True).first).to_be_visible()
    world.browser.allowed = []


def away(world):
    """What is written while the server is away waits, shown as waiting, and is sent when it is back: nothing is lost, and
    what somebody else changed meanwhile is not written over unasked."""
    page = world.page("/transactions")
    toasts = page.locator("#toasts")
    rows = page.locator(".vrows .tx")
    expect(rows.first).to_be_visible()
    first, second = [rows.nth(at).get_attribute("data-id") for at in [0, 1]]
    row = page.locator(f".vrows [data-id={first}]")
    world.browser.allowed = [r"ERR_", r"Failed to fetch"]
    port = world.house.address.split(":")[-1]
    world.house.stop()
    row.locator("[data-category]").click()
    choose_category(page, "Parking")
    expect(toasts).to_contain_text("Kept in this browser.")
    expect(row).to_contain_text("waits to be sent")
    expect(row).to_contain_text("Parking")
    row.locator("a").click()
    sheet = page.locator("aside.sheet")
    sheet.get_by_label("Notes").fill("Written in the dark")
    sheet.get_by_label("Notes").press("Tab")
    expect(page.locator("#waiting")).to_contain_text("1 edit waits")
    expect(sheet.get_by_label("Notes")).to_have_value("Written in the dark")
    accessible(page, "an edit that waits")
    kept = page.evaluate("JSON.stringify(Object.entries(localStorage).filter(([key]) => key.startsWith('magpie.waiting')))")
    assert "Written in the dark" in kept and "amount" not in kept and "csrf" not in kept.lower(), kept
    world.house.start(port)
    expect(toasts).to_contain_text("1 edit that waited is sent.", timeout=60_000)
    expect(page.locator("#waiting > *")).to_have_count(0)
    expect(row).not_to_contain_text("waits to be sent")
    now = ask(page, "GET", f"/v1/transactions/{first}")["body"]
    assert now["notes"] == "Written in the dark" and now["category"] == "TRANSPORTATION_PARKING", now
    page.keyboard.press("Escape")

    # Changes to many, parts and deletions wait as well, and are taken back at one stroke.
    ids = [rows.nth(at).get_attribute("data-id") for at in range(2, 6)]
    asked = lambda each: ask(page, "GET", f"/v1/transactions/{each}")["body"]
    before = [asked(each) for each in ids]
    page.context.set_offline(True)
    for each in ids[:2]:
        page.locator(f".vrows [data-id={each}] [data-pick]").check()
    page.locator("[data-bulk=category]").click()
    choose_category(page, "Parking")
    expect(page.locator("#waiting")).to_contain_text("2 edits wait")
    page.locator(f".vrows [data-id={ids[2]}] a").click()
    sheet.get_by_role("button", name="Delete").click()
    expect(page.locator(f".vrows [data-id={ids[2]}].gone")).to_contain_text("waits to be sent")
    page.locator(f".vrows [data-id={ids[3]}] a").click()
    sheet.get_by_role("button", name="Split").click()
    parts = page.get_by_role("dialog").locator("[data-amount]")
    whole = float(parts.nth(0).input_value())
    parts.nth(0).fill("0.25")
    parts.nth(1).fill(f"{whole - 0.25:.2f}")
    page.get_by_role("dialog").get_by_role("button", name="Split").click()
    expect(page.locator("#waiting")).to_contain_text("4 edits wait")
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    expect(toasts).to_contain_text("4 edits that waited are sent.", timeout=60_000)
    now = [asked(each) for each in ids]
    assert [each["category"] for each in now[:2]] == ["TRANSPORTATION_PARKING"] * 2 and now[2]["deleted"], now
    assert [each["amount"]["amount"][-4:] for each in now[3]["splits"]][0] == "0.25", now[3]
    toasts.locator("> *", has_text="4 edits").get_by_role("button", name="Undo").click()
    expect(toasts).to_contain_text("Taken back")
    now = [asked(each) for each in ids]
    assert [(each["category"], each["deleted"], each["splits"]) for each in now] == [
        (each["category"], each["deleted"], each["splits"]) for each in before], now

    # Somebody else was quicker: a choice, and until then theirs.
    writer = world.page("/activity")

    def both(mine, theirs):
        page.context.set_offline(True)
        page.locator(f".vrows [data-id={second}] a").click()
        sheet.get_by_label("Notes").fill(mine)
        sheet.get_by_label("Notes").press("Tab")
        expect(page.locator("#waiting")).to_contain_text("1 edit waits")
        page.keyboard.press("Escape")
        assert ask(writer, "PATCH", f"/v1/transactions/{second}", {"notes": theirs})["status"] == 200
        page.context.set_offline(False)
        expect(page.locator("#waiting")).to_contain_text("needs your choice", timeout=60_000)
        assert ask(writer, "GET", f"/v1/transactions/{second}")["body"]["notes"] == theirs
        page.get_by_role("button", name="Choose").click()
        dialog = page.get_by_role("dialog", name="Yours or theirs?")
        expect(dialog).to_contain_text(mine)
        expect(dialog).to_contain_text(theirs)
        accessible(page, "a choice between two edits")
        return dialog

    both("Mine", "Theirs").get_by_role("button", name="Use mine").click()
    expect(page.locator("#waiting > *")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert ask(writer, "GET", f"/v1/transactions/{second}")["body"]["notes"] == "Mine"
    both("Mine again", "Theirs again").get_by_role("button", name="Leave it as it is").click()
    expect(page.locator("#waiting > *")).to_have_count(0)
    assert ask(writer, "GET", f"/v1/transactions/{second}")["body"]["notes"] == "Theirs again"
    world.browser.allowed = []
    for each in [first, second]:
        ask(writer, "PATCH", f"/v1/transactions/{each}", {"notes": None})


def weight(world):
    """What a first visit weighs on the wire, and how soon it shows something."""
    context = world.browser.context(storage=world.storage)
    page = context.new_page()
    page.goto(world.house.address + "/")
    ready(page)
    count = -1
    while count != (count := page.evaluate("performance.getEntriesByType('resource').length")):
        page.wait_for_timeout(400)
    figures = page.evaluate("""() => { const all = [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')];
      return { wire: all.reduce((sum, each) => sum + each.transferSize, 0), own: all.filter(each => !each.name.includes('vendor')).reduce((sum, each) => sum + each.transferSize, 0),
        paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime }; }""")
    print(f"      {figures['wire'] / 1000:.0f} kB on the wire, {figures['own'] / 1000:.0f} kB without Chart.js; first paint after {figures['paint']:.0f} ms")
    assert FILES or figures["wire"] < 300_000, figures
    context.close()


TESTS = [
    first_run, signing_in, *BANKS, *ROWS, *FILING, *PLANS, *IMPORTS, reports, categories, worth_over_time, paper, privacy, palette,
    keyboard_only, *SIZES, phone, other_language, *PEOPLE, one_voice, restart, away, weight, real_link, *ERASING,
]


def main():
    binary = sys.argv[1]
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    browser = Browser()
    failed = []
    with House(binary) as house:
        world = World(binary, house, browser)
        for test in TESTS:
            if wanted and not any(word in test.__name__ for word in wanted.split(",")) and test is not first_run:
                continue
            began = time.time()
            try:
                test(world)
                browser.check()
                print(f"  {test.__name__} {time.time() - began:.1f} s", flush=True)
            except Exception as error:  # noqa: BLE001: whatever it is, the others are still asked
                failed.append(test.__name__)
                print(f"  {test.__name__} FAILED\n{''.join(traceback.format_exception(error)[-3:])}", flush=True)
                for context in browser.chromium.contexts:
                    for index, page in enumerate(context.pages):
                        page.screenshot(path=f".build/web-failed-{test.__name__}-{index}.png")
                browser.troubles, browser.allowed = [], []
            for context in list(browser.chromium.contexts):
                context.close()
    browser.close()
    if failed:
        sys.exit(f"web: {', '.join(failed)} failed")
    print(f"web: {len(TESTS)} tests passed")


main()
