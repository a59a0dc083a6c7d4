"""What people teach and write down: rules, suggestions, saved filters, accounts and transactions by hand, and what one
wants to hear of."""

import datetime
import re

from playwright.sync_api import expect

from house import accessible, ask, choose_category, ready


def rule_from_a_correction(world):
    """One correction offers all of that merchant, or a rule, which is tried out before it is kept."""
    page = world.page("/transactions?q=uber")
    toasts = page.locator("#toasts")
    page.locator(".vrows .tx [data-category]").first.click()
    choose_category(page, "Parking")
    offer = toasts.locator(".toast", has_text=re.compile(r"transactions are from"))
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    expect(dialog.get_by_text(re.compile(r"It fits [\d,]+ rows"))).to_be_visible()
    accessible(page, "a rule")
    dialog.get_by_role("button", name="Another condition").click()
    dialog.get_by_label("What is looked at").last.select_option("amount")
    dialog.get_by_label("at least").fill("1000000")
    expect(dialog.get_by_text("It fits 0 rows")).to_be_visible()
    dialog.get_by_label("at least").fill("1")
    expect(dialog.get_by_text(re.compile(r"It fits [1-9][\d,]* rows"))).to_be_visible()
    dialog.get_by_label("Also do it to what is there").check()
    dialog.get_by_role("button", name="Make the rule").click()
    expect(toasts).to_contain_text(re.compile(r"changed [1-9]\d* rows"))
    expect(page.locator(".vrows .tx [data-category]").nth(1)).to_contain_text("Parking")

    page.goto(world.house.address + "/rules")
    ready(page)
    row = page.locator("[data-rule]").first
    expect(row).to_contain_text("amount at least 1")
    accessible(page, "rules")
    page.get_by_role("listitem").filter(has_text="rows fitted").get_by_role("button", name="Undo").click()
    expect(toasts).to_contain_text("Taken back.")
    row.get_by_role("button", name=re.compile("^Switch .* off")).click()
    expect(row).to_contain_text("off")
    page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    dialog.get_by_label("Name").fill("No pattern")
    dialog.get_by_label("How it is compared").select_option("matches")
    dialog.get_by_label("What it should be").fill("(((")
    dialog.get_by_label("Call it").fill("Something")
    world.browser.allowed = [r"status of 422"]
    expect(dialog.get_by_text("regular expression")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    row.get_by_role("button", name=re.compile("^Delete")).click()
    expect(page.get_by_text("No rules yet.")).to_be_visible()
    # What was tried out last may be refused after the dialog is gone.
    page.context.close()
    world.browser.allowed = []


def all_alike(world):
    """One correction for all of a merchant is one change, which one undo takes back."""
    page = world.page("/transactions?q=starbucks")
    toasts = page.locator("#toasts")
    page.locator(".vrows .tx [data-category]").first.click()
    choose_category(page, "Pharmacies")
    offer = toasts.locator(".toast", has_text=re.compile(r"transactions are from"))
    offer.get_by_role("button", name="All to Pharmacies").click()
    expect(toasts).to_contain_text(re.compile(r"[\d,]+ transactions are now Pharmacies"), timeout=40_000)
    expect(page.locator(".vrows .tx [data-category]").nth(2)).to_contain_text("Pharmacies")
    toasts.locator(".toast", has_text="are now Pharmacies").get_by_role("button", name="Undo").click()
    expect(page.locator(".vrows .tx [data-category]").nth(2)).not_to_contain_text("Pharmacies")


def suggestions(world):
    """One at a time by keys: rows that belong together first, then categories. Yes keeps it, no is not said again, later
    comes last."""
    page = world.page("/inbox")
    toasts = page.locator("#toasts")
    heading = page.locator("#what")
    pairs = ask(page, "GET", "/v1/pairs?state=suggested&limit=50")["body"]["data"]
    body = ask(page, "GET", "/v1/suggestions?limit=200")["body"]["data"]
    assert len(body) >= 3, f"{len(body)} suggestions"
    accessible(page, "suggestions")
    for at, pair in enumerate(pairs):
        # The first is kept, the second refused, the others come last.
        expect(heading).to_have_text({"transfer": "One transfer between your accounts?", "refund": "A purchase and its refund?",
                                      "duplicate": "Is the same there twice?"}[pair["kind"]])
        expect(page.get_by_role("progressbar")).to_have_attribute("value", str(min(at, 2)))
        page.keyboard.press("yns"[min(at, 2)])
        if at < 2:
            expect(toasts).to_contain_text(["They belong together", "They stand alone"][at])
    expect(heading).to_have_text(body[0]["name"])
    accessible(page, "a category suggested")
    page.keyboard.press("s")
    expect(heading).to_have_text(body[1]["name"])
    page.keyboard.press("y")
    expect(toasts).to_contain_text(f"{body[1]['name']} is filed")
    expect(heading).to_have_text(body[2]["name"])
    page.keyboard.press("n")
    expect(toasts).to_contain_text("not suggested again")
    left = {each["id"] for each in ask(page, "GET", "/v1/suggestions?limit=200")["body"]["data"]}
    assert body[0]["id"] in left and not {body[1]["id"], body[2]["id"]} & left


def saved_filters(world):
    """A filter is kept under a name, opened from another page, shared and deleted."""
    page = world.page("/transactions")
    page.get_by_role("button", name="Last month").click()
    expect(page).to_have_url(re.compile("from="))
    wanted = page.url
    page.get_by_role("button", name="Saved").click()
    dialog = page.get_by_role("dialog", name="Saved filters")
    dialog.get_by_label("Name of this filter").fill("The month before")
    accessible(page, "saved filters")
    dialog.get_by_role("button", name="Keep this filter").click()
    expect(page.locator("#toasts")).to_contain_text("is kept")
    page = world.page("/transactions")
    page.get_by_role("button", name="Saved").click()
    dialog = page.get_by_role("dialog", name="Saved filters")
    dialog.get_by_label("for all").check()
    dialog.get_by_role("link", name="The month before").click()
    expect(page).to_have_url(wanted)
    expect(page.locator("#chips .chip.on")).to_have_count(1)
    page.get_by_role("button", name="Saved").click()
    page.get_by_role("button", name="Delete The month before").click()
    expect(page.get_by_text("None yet.")).to_be_visible()


def by_hand(world):
    """Cash in the pocket: an account, what was bought, its new balance, and out of sight again."""
    page = world.page("/accounts")
    page.get_by_role("button", name="Add by hand").click()
    dialog = page.get_by_role("dialog", name="An account kept by hand")
    accessible(page, "an account by hand")
    dialog.get_by_label("Name").fill("Purse")
    dialog.get_by_label("Balance today").fill("1,250.5")
    dialog.get_by_role("button", name="Add the account").click()
    page.get_by_role("link", name="Purse").click()
    expect(page.locator("#account-head")).to_contain_text("$1,250.50")
    page.get_by_role("button", name="Add transaction").first.click()
    dialog = page.get_by_role("dialog", name="A transaction by hand")
    accessible(page, "a transaction by hand")
    dialog.get_by_label("Amount").fill("4,5o")
    dialog.get_by_label("For what").fill("Flea market")
    dialog.get_by_role("button", name="Add transaction").click()
    expect(dialog.get_by_text("This is not an amount.")).to_be_visible()
    dialog.get_by_label("Amount").fill("4.50")
    dialog.get_by_role("button", name="Add transaction").click()
    expect(page.locator(".vrows .tx", has_text="Flea market")).to_contain_text("−$4.50")
    page.locator("#toasts").get_by_role("button", name="Undo").last.click()
    expect(page.locator(".vrows .tx", has_text="Flea market")).to_have_count(0)
    # What it held before is a line in its row.
    purse = page.url.split("/")[-1]
    day = str(datetime.date.today() - datetime.timedelta(days=20))
    kept = ask(page, "PATCH", f"/v1/accounts/{purse}", {"balance": {"amount": {"amount": "900.00", "currency": "USD"}, "day": day}})
    assert kept["status"] == 200, kept
    page.get_by_role("button", name="Change", exact=True).click()
    dialog = page.get_by_role("dialog", name="Change the account")
    dialog.get_by_label("Out of sight").check()
    dialog.get_by_role("button", name="Save").click()
    page.goto(world.house.address + "/accounts")
    page.get_by_text("1 account out of sight").click()
    expect(page.get_by_role("link", name="Purse")).to_be_visible()
    expect(page.locator(".acc", has_text="Purse").locator("svg.sp")).to_be_attached()


def told_or_not(world):
    """What one does not want to hear of is one's own choice; all rows leave as a table."""
    page = world.page("/settings/notifications")
    box = page.get_by_label("Nothing new has come for long")
    expect(box).to_be_checked()
    box.uncheck()
    expect(page.locator("#toasts")).to_contain_text("Not told any more")
    page.reload()
    ready(page)
    expect(page.get_by_label("Nothing new has come for long")).not_to_be_checked()
    page.goto(world.house.address + "/settings/data")
    ready(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export as CSV").click()
    lines = open(waiting.value.path(), encoding="utf-8").read().splitlines()
    assert len(lines) > 1_000 and "amount" in lines[0], lines[:2]
    ask(page, "POST", "/v1/plaid/link-events", {"event": "EXIT", "metadata": {"link_session_id": "s", "institution_name": "Tattersall"}})
    page.goto(world.house.address + "/activity")
    ready(page)
    expect(page.get_by_role("heading", name="Visits to banks")).to_be_visible()
    accessible(page, "activity")


FILING = [rule_from_a_correction, all_alike, suggestions, saved_filters, by_hand, told_or_not]
