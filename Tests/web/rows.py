"""Transactions: found among thousands, written on one at a time and many at once, and all of it taken back."""

import re
import time

from playwright.sync_api import expect

from house import accessible, ask, choose_category, ready, until



def transactions(world):
    """Thousands of rows scroll without gaps; words, chips and addresses narrow them; one opens beside the list."""
    page = world.page("/transactions")
    expect(page.locator(".vrows .tx").first).to_be_visible()
    for _ in range(12):
        page.mouse.wheel(0, 6_000)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
    expect(page.locator(".vrows .tx").first).to_be_visible()
    drawn = page.locator(".vrows > li").count()
    assert drawn < 150, f"{drawn} rows are in the page"
    gap = page.evaluate("""() => { const list = document.querySelector('.vrows').getBoundingClientRect();
      const rows = [...document.querySelectorAll('.vrows > li')].map(row => row.getBoundingClientRect()).sort((a, b) => a.top - b.top);
      let worst = 0; for (let index = 1; index < rows.length; index += 1) worst = Math.max(worst, rows[index].top - rows[index - 1].bottom);
      return { worst, above: rows[0].top, below: Math.min(list.bottom, innerHeight) - rows.at(-1).bottom }; }""")
    assert gap["worst"] < 2 and gap["above"] <= 0 and gap["below"] < 2, gap

    page = world.page("/transactions")
    page.keyboard.press("/")
    began = time.time()
    page.keyboard.type("payroll")
    expect(page).to_have_url(re.compile("q=payroll"))
    expect(page.locator(".vrows .tx").first).to_contain_text("Salary")
    print(f"      words answered after {time.time() - began:.2f} s, typing and its pause included")
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("button", name="Last month").click()
    expect(page).to_have_url(re.compile("from="))
    shared = page.url
    assert "from=" in shared and "to=" in shared
    expect(page.locator("#count")).to_contain_text(re.compile(r"^[\d,]+ transactions"))
    other = world.page(shared.replace(world.house.address, ""))
    # A bank may still be bringing rows, to both pages.
    for _ in range(100):
        counts = [each.locator("#count").inner_text() for each in [page, other]]
        if counts[0] == counts[1] and "Out" in counts[0]:
            break
        page.wait_for_timeout(200)
    assert counts[0] == counts[1] and "Out" in counts[0], counts
    page.locator(".vrows .tx a").first.click()
    sheet = page.locator("aside.sheet")
    expect(sheet.get_by_role("heading").first).to_be_focused()
    expect(page).to_have_url(re.compile("tx=txn_"))
    accessible(page, "a transaction")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.locator(".vrows .tx a").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(sheet).to_be_visible()
    page.get_by_role("button", name="Filter", exact=True).click()
    dialog = page.get_by_role("dialog", name="Which transactions?")
    accessible(page, "filter")
    dialog.get_by_text("Everyday Checking").first.click()
    dialog.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("account=acc_"))
    page.get_by_role("searchbox", name="Search").fill("nothing is called like this")
    expect(page.get_by_text("Nothing matches these filters.")).to_be_visible(timeout=20_000)


def writing(world):
    """Category, name, note and tag of one; several at once; parts; and all of it taken back."""
    page = world.page("/transactions")
    toasts = page.locator("#toasts")
    row = page.locator(".vrows .tx", has_text="Salary").first
    row.locator("[data-category]").click()
    accessible(page, "category picker")
    choose_category(page, "Gift")
    expect(toasts).to_contain_text("is now")
    identity = page.locator(".vrows .tx").first.get_attribute("data-id")

    page.locator(".vrows .tx a").first.click()
    sheet = page.locator("aside.sheet")
    accessible(page, "writing on a transaction")
    sheet.get_by_label("Name").fill("The corner shop")
    sheet.get_by_label("Name").press("Tab")
    expect(sheet.get_by_role("heading", name="The corner shop")).to_be_visible()
    sheet.get_by_label("Notes").fill("For the party")
    sheet.get_by_label("Notes").press("Tab")
    expect(toasts).to_contain_text("Note kept")
    sheet.get_by_label("Tags").fill("holiday")
    sheet.get_by_label("Tags").press("Enter")
    expect(sheet.get_by_text("#holiday")).to_be_visible()
    sheet.get_by_text("Leave it out of reports").click()
    expect(toasts).to_contain_text("Left out of reports")
    sheet.get_by_text("History", exact=True).click()
    expect(sheet.locator("#history")).to_contain_text("Note set to For the party")
    expect(sheet.locator("#history")).to_contain_text("Ines Calder")
    page.reload()
    ready(page)
    expect(page.locator(f"[data-id={identity}]").first).to_contain_text("The corner shop")
    page.keyboard.press("Escape")

    # Parts that come to the whole, to the cent.
    page.locator(f"[data-id={identity}] a").click()
    sheet.get_by_role("button", name="Split").click()
    dialog = page.get_by_role("dialog", name="Split")
    accessible(page, "split")
    amount = dialog.get_by_label("Amount 1")
    whole = float(amount.input_value())
    amount.fill("0.40")
    expect(dialog.get_by_text("Left to divide:")).to_be_visible()
    dialog.get_by_label("Amount 2").fill(f"{whole - 0.4:.2f}")
    expect(dialog.get_by_text("It adds up.")).to_be_visible()
    dialog.get_by_role("button", name="Split", exact=True).click()
    expect(toasts).to_contain_text("In 2 parts")
    expect(sheet.get_by_role("heading", name="Parts")).to_be_visible()
    toasts.get_by_role("button", name="Undo").last.click()
    expect(toasts).to_contain_text("Taken back.")
    page.keyboard.press("Escape")

    # Several at once are one change.
    page = world.page("/transactions")
    toasts = page.locator("#toasts")
    for index in [3, 4, 5]:
        page.locator(".vrows .tx [data-pick]").nth(index).check()
    expect(page.get_by_role("region", name="Selected transactions")).to_contain_text("3 selected")
    accessible(page, "selection")
    names = [page.locator(".vrows .tx").nth(index).get_attribute("data-id") for index in [3, 4, 5]]
    before = {name: ask(page, "GET", f"/v1/transactions/{name}")["body"]["category"] for name in names}
    page.locator("[data-bulk=category]").click()
    choose_category(page, "Pharmacies")
    expect(toasts).to_contain_text("are now")
    page.keyboard.press("z")
    expect(toasts).to_contain_text("Taken back.")
    after = {name: ask(page, "GET", f"/v1/transactions/{name}")["body"]["category"] for name in names}
    assert before == after, (before, after)
    page.get_by_role("button", name="Needs a category").click()
    expect(page).to_have_url(re.compile("uncategorized=true"))


def arriving(world):
    """What arrives while one reads waits behind a button; nothing that is read moves. Where nobody reads, it is there."""
    page = world.page("/transactions")
    writer = world.page("/activity")
    made = ask(writer, "POST", "/v1/accounts", {"name": "Tin", "kind": "cash", "currency": "USD", "balance": {"amount": "10.00", "currency": "USD"}})
    assert made["status"] == 201, made
    today = writer.evaluate("new Date().toISOString().slice(0, 10)")

    def buy(name):
        done = ask(writer, "POST", "/v1/transactions", {
            "account": made["body"]["id"], "amount": {"amount": "-3.20", "currency": "USD"}, "booked_on": today, "name": name})
        assert done["status"] == 201, done
        return done["body"]["id"]

    waiting = page.locator("[data-arrived]")
    buy("Seen at once")
    expect(page.locator(".vrows .tx", has_text="Seen at once")).to_be_visible()
    expect(waiting).to_have_count(0)
    page.mouse.move(700, 500)
    page.mouse.wheel(0, 2_000)
    until(page, "scrollY > 1500")
    watched = page.evaluate("[...document.querySelectorAll('.vrows .tx')].find(row => row.getBoundingClientRect().top > 200).dataset.id")
    before = page.locator(f".vrows [data-id={watched}]").bounding_box()["y"]
    buy("Came unseen")
    expect(waiting).to_have_text("1 new transaction")
    last = buy("Came after it")
    expect(waiting).to_have_text("2 new transactions")
    assert page.locator(f".vrows [data-id={watched}]").bounding_box()["y"] == before, "what is read has moved"
    accessible(page, "new rows wait")
    waiting.click()
    expect(page.locator(".vrows .tx", has_text="Came unseen")).to_be_visible()
    expect(page.locator(".vrows .tx", has_text="Came after it")).to_be_visible()
    expect(waiting).to_have_count(0)
    assert page.evaluate("scrollY") < 100
    # While one is open, too: and what somebody else takes away stays in its place, struck out.
    page.locator(".vrows .tx", has_text="Came unseen").locator("a").click()
    expect(page.locator("aside.sheet")).to_be_visible()
    assert ask(writer, "DELETE", f"/v1/transactions/{last}")["status"] in (200, 204)
    expect(page.locator(f".vrows [data-id={last}].gone")).to_be_visible()
    buy("Came meanwhile")
    expect(waiting).to_have_text("1 new transaction")
    expect(page.locator(".vrows .tx", has_text="Came meanwhile")).to_have_count(0)
    waiting.click()
    expect(page.locator(".vrows .tx", has_text="Came meanwhile")).to_be_visible()
    expect(page.locator(f".vrows [data-id={last}]")).to_have_count(0)


ROWS = [transactions, writing, arriving]
