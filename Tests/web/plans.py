"""What people plan and what lies ahead: budgets, goals, what comes again, exchange rates, and the page that advises."""

import http.server
import json
import re
import threading

from playwright.sync_api import expect

from house import House, accessible, ask, ready, set_up


def budgets(world):
    """From suggestions to a budget that is changed, taken away and brought back; and a goal."""
    page = world.page("/budgets")
    accessible(page, "budgets before there are any")
    toasts = page.locator("#toasts")
    page.get_by_role("button", name="Make these budgets").click()
    expect(page.get_by_role("region", name="All budgets together")).to_be_visible()
    rows = page.get_by_role("region", name="Budgets").get_by_role("listitem")
    count = rows.count()
    assert count >= 3, count
    accessible(page, "budgets")
    page.get_by_role("button", name=re.compile("^Change the budget of")).first.click()
    dialog = page.get_by_role("dialog")
    accessible(page, "a budget")
    dialog.get_by_label(re.compile("A month, in")).fill("nothing")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("This is not an amount.")).to_be_visible()
    dialog.get_by_label(re.compile("A month, in")).fill("1")
    dialog.get_by_text("Is added, or taken off").click()
    dialog.get_by_role("button", name="Save").click()
    expect(toasts).to_contain_text("$1.00 a month")
    expect(page.get_by_text("rest and overdraft are carried on")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Change the budget of")).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(count - 1)
    toasts.get_by_role("button", name="Undo").last.click()
    expect(rows).to_have_count(count)

    page.get_by_role("button", name="New goal").click()
    dialog = page.get_by_role("dialog", name="New goal")
    accessible(page, "a goal")
    dialog.get_by_label("What for?").fill("A rainy day")
    dialog.get_by_label("Amount").fill("9,000")
    dialog.get_by_role("button", name="Set the goal").click()
    expect(page.get_by_text("A rainy day", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Goals")).to_contain_text("$9,000")
    page.goto(world.house.address + "/")
    ready(page)
    expect(page.locator("#budget-h")).to_be_visible()
    expect(page.get_by_role("region", name="Budgets").get_by_role("listitem").first).to_be_visible()


def ahead(world):
    """What is due, what may come, what stands out: on the overview, and each with its own numbers."""
    page = world.page("/")
    for name in ["What lies ahead", "Next 14 days", "Worth a look"]:
        expect(page.get_by_role("region", name=name)).to_be_visible(timeout=30_000)
    page.get_by_role("region", name="What lies ahead").scroll_into_view_if_needed()
    expect(page.get_by_role("region", name="What lies ahead").locator("canvas")).to_have_attribute("data-drawn", "yes")
    accessible(page, "the whole overview")
    page.goto(world.house.address + "/recurring")
    ready(page)
    accessible(page, "recurring")
    streams = page.get_by_role("region", name="All streams").get_by_role("listitem")
    assert streams.count() > 3, streams.count()
    found = ask(page, "GET", "/v1/recurring?ended=false")["body"]["data"]
    words = {"rows": "found by Magpie", "bank": "told by the bank", "both": "found, and told by the bank"}
    for each in found[:5]:
        expect(streams.filter(has_text=each["name"]).filter(has_text=words[each["source"]]).first).to_be_visible()
    page.get_by_role("button", name="Calendar address").click()
    dialog = page.get_by_role("dialog", name="Calendar address")
    dialog.get_by_role("button", name="Make an address").click()
    address = dialog.get_by_label("Secret address").input_value()
    accessible(page, "calendar address")
    answer = page.request.get(address)
    assert answer.status == 200 and "BEGIN:VEVENT" in answer.text(), answer.status
    dialog.get_by_role("button", name="Revoke it").click()
    expect(page.locator("#toasts")).to_contain_text("opens nothing any more")
    assert page.request.get(address).status == 404


def beside(world):
    """A month of cash flow stands beside the month before and the year before, and is parted by whose it was."""
    page = world.page("/cash-flow")
    months = ask(page, "GET", "/v1/cashflow?period=month&count=3&by=person")["body"]["data"]
    card = page.get_by_role("region", name="One month").first
    expect(card.get_by_role("columnheader")).to_have_count(3)
    page.get_by_label("Month", exact=True).select_option(months[-2]["period"])
    expect(page).to_have_url(re.compile(f"month={months[-2]['period']}"))

    def figure(amount):
        return f"{abs(round(float(amount['amount']))):,}"

    row = card.get_by_role("row", name=re.compile("^Out"))
    expect(row).to_contain_text(f"{abs(float(months[-2]['expenses']['amount'])):,.2f}")
    expect(row).to_contain_text(figure(months[-2]["before"]["expenses"]))
    expect(row).to_contain_text(figure(months[-2]["year_before"]["expenses"]))
    expect(card.get_by_text("is not over")).to_have_count(0)
    parted = page.get_by_role("region", name="Who and where").first
    expect(parted.get_by_role("row", name=re.compile("Ines Calder"))).to_contain_text(f"{abs(float(months[-2]['lines'][0]['expenses']['amount'])):,.2f}")
    accessible(page, "cash flow beside other months")
    parted.get_by_text("Account", exact=True).click()
    expect(page).to_have_url(re.compile("by=account"))
    expect(parted.get_by_role("row", name=re.compile("Everyday Checking")).first).to_be_visible()


def advice(world):
    """Recommendations need no model; without one the page says so, and gives the numbers as a prompt."""
    context = world.browser.context(storage=world.storage, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(world.house.address + "/ask")
    ready(page)
    accessible(page, "ask")
    world.browser.allowed = [r"status of 409"]
    page.get_by_label("Question", exact=True).fill("Can I afford it?")
    page.get_by_label("Question", exact=True).press("Enter")
    expect(page.get_by_text("No model is set up.")).to_be_visible()
    world.browser.allowed = []
    page.get_by_label("It is told").select_option("totals")
    page.get_by_role("button", name="Copy the numbers as a prompt").click()
    expect(page.locator("#toasts")).to_contain_text("The prompt is copied.")
    assert "net_worth" in page.evaluate("navigator.clipboard.readText()")
    context.close()


class Model:
    """A language model that always says the same, and keeps what it was told. Where `pieces` are given, it says them one
    by one, and waits after the first until it may go on."""

    def __init__(self, pieces=None):
        self.pieces, self.go_on = pieces, threading.Event()

    def __enter__(self):
        told = self.told = []
        pieces, go_on = self.pieces, self.go_on

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                if pieces:
                    self.say(pieces)
                    return
                body = json.dumps({
                    "choices": [{"message": {"role": "assistant", "content": "Rent takes most of it. <b>Not markup.</b>"}}],
                    "usage": {"prompt_tokens": 900, "completion_tokens": 12}}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def say(self, pieces):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                try:
                    for piece in pieces:
                        self.wfile.write(b"data: " + json.dumps({"choices": [{"delta": {"content": piece}}]}).encode() + b"\n\n")
                        self.wfile.flush()
                        go_on.wait(30)
                    # What ends without this was cut off.
                    self.wfile.write(b"data: [DONE]\n\n")
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1"
        return self

    def __exit__(self, *_):
        self.server.shutdown()


def talk(world):
    """Where a model is set up, it answers in words, which are never markup, and the page says what it was told."""
    with Model() as model, House(world.house.binary, MAGPIE_ADVISOR_URL=model.address, MAGPIE_ADVISOR_MODEL="parrot") as house:
        context = world.browser.context()
        page = set_up(house, context)
        page.goto(house.address + "/ask")
        ready(page)
        page.get_by_label("It is told").select_option("totals")
        page.get_by_role("button", name="Where does most of my money go?").click()
        said = page.get_by_role("log")
        expect(said).to_contain_text("Rent takes most of it. <b>Not markup.</b>", timeout=60_000)
        expect(said).to_contain_text("parrot")
        accessible(page, "an answer")
        words = json.dumps(model.told[0]["messages"])
        assert "Where does most of my money go?" in words and "Platypus" not in words, words[:2_000]
        context.close()


def words_by_words(world):
    """An answer is there as far as it was said; it can be stopped and asked for again; one that does not come is told of."""
    with Model(["Rent takes ", "most ", "of it, then food."]) as model, House(
            world.house.binary, MAGPIE_ADVISOR_URL=model.address, MAGPIE_ADVISOR_MODEL="parrot") as house:
        context = world.browser.context()
        page = set_up(house, context)
        page.goto(house.address + "/ask")
        ready(page)
        page.get_by_role("button", name="What could I cancel?").click()
        said = page.get_by_role("log")
        # The model waits now: what it said so far is there all the same.
        expect(said).to_contain_text("Rent takes", timeout=60_000)
        expect(said).not_to_contain_text("most")
        expect(said).to_have_attribute("aria-busy", "true")
        accessible(page, "an answer on its way")
        page.get_by_role("button", name="Stop").click()
        expect(said).to_contain_text("Stopped here.")
        expect(said).to_contain_text("Rent takes")
        expect(said).to_have_attribute("aria-busy", "false")
        model.go_on.set()
        page.get_by_role("button", name="Ask again").click()
        expect(said).to_contain_text("Rent takes most of it, then food.")
        expect(said).to_contain_text("parrot")
        expect(page.get_by_role("button", name="Stop")).to_have_count(0)
        page.keyboard.press("Escape")
        page.locator("#main").focus()
        page.keyboard.press("h")
        expect(said).not_to_contain_text("Rent takes")
        page.keyboard.press("h")
        expect(page.get_by_role("log")).to_contain_text("Rent takes most of it")
        model.server.shutdown()
        model.server.server_close()
        page.get_by_label("Question", exact=True).fill("And now?")
        page.get_by_label("Question", exact=True).press("Enter")
        expect(said).to_contain_text("did not answer", timeout=60_000)
        accessible(page, "no answer")
        page.get_by_role("button", name="Clear").click()
        expect(page.locator("#talk > *")).to_have_count(0)
        context.close()


def rates(world):
    """A rate that was typed in is kept, and a file that is none is refused in words."""
    page = world.page("/settings/currencies")
    accessible(page, "exchange rates")
    page.get_by_label("One unit of").fill("eur")
    page.get_by_label("Rate", exact=True).fill("1.0850")
    page.get_by_role("button", name="Keep the rate").click()
    expect(page.get_by_role("row").filter(has_text="EUR → USD")).to_contain_text("1.085")
    world.browser.allowed = [r"status of 422"]
    page.get_by_label("Or a file of the European Central Bank").set_input_files(
        {"name": "eurofxref.xml", "mimeType": "text/xml", "buffer": b"<none/>"})
    expect(page.locator("#toasts")).to_contain_text("has no rates")
    world.browser.allowed = []
    assert len(ask(page, "GET", "/v1/rates?limit=10")["body"]["data"]) == 1


PLANS = [budgets, ahead, beside, advice, talk, words_by_words, rates]
