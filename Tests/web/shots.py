"""Pictures of every page in every size, light and dark: .build/web-screenshots. To be looked at.

usage: shots.py MAGPIE [words in pages' names, with commas between them]
"""

import pathlib
import sys
import time

from house import Browser, House, ready, set_up

PAGES = {
    "overview": "/", "accounts": "/accounts", "transactions": "/transactions", "cash-flow": "/cash-flow",
    "investments": "/investments", "liabilities": "/liabilities", "activity": "/activity",
    "settings-profile": "/settings/profile", "settings-security": "/settings/security",
    "settings-household": "/settings/household", "settings-keys": "/settings/keys", "reports": "/reports",
    "categories": "/categories", "rules": "/rules", "budgets": "/budgets", "recurring": "/recurring", "ask": "/ask",
    "settings-notifications": "/settings/notifications", "settings-currencies": "/settings/currencies",
    "settings-data": "/settings/data", "settings-import": "/settings/import", "settings-webhooks": "/settings/webhooks", "inbox": "/inbox", "notifications": "/notifications",
}
SIZES = {"360": (360, 780, False), "768": (768, 1024, False), "1440": (1440, 900, False), "1440-dark": (1440, 900, True)}


def scenes(page, house, save):
    """What only shows after something was pressed."""
    page.goto(house.address + "/accounts")
    ready(page)
    page.get_by_role("button", name="Connect a bank").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="First Gingham").wait_for()
    save("connect-banks")
    dialog.get_by_role("button", name="First Gingham").click()
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Continue").click()
    dialog.get_by_text("did not accept").wait_for()
    save("connect-refused")
    dialog.get_by_label("Password").fill("pass_good")
    dialog.get_by_role("button", name="Continue").click()
    dialog.get_by_role("heading", name="Choose accounts").wait_for()
    save("connect-accounts")
    page.keyboard.press("Escape")
    page.goto(house.address + "/transactions")
    ready(page)
    page.locator(".vrows .tx a").nth(2).click()
    page.wait_for_timeout(400)
    save("transaction")
    if page.get_by_role("button", name="Split").count():
        page.get_by_role("button", name="Split").first.click()
        page.wait_for_timeout(300)
        save("split")
        page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    for index in [1, 2, 4]:
        if page.locator("[data-pick]").count():
            page.locator("[data-pick]").nth(index).check()
    save("selection")
    page.keyboard.press("Control+k")
    page.wait_for_timeout(300)
    save("palette")


def main():
    binary = sys.argv[1]
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    target = pathlib.Path(".build/web-screenshots")
    target.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    with House(binary) as house:
        first = browser.context()
        page = first.new_page()
        if "welcome" in wanted or not wanted:
            for size, (width, height, dark) in SIZES.items():
                context = browser.context(width, height, dark)
                each = context.new_page()
                each.goto(f"{house.address}/welcome#mgs_x")
                ready(each)
                each.screenshot(path=target / f"welcome-{size}.png")
                context.close()
        page = set_up(house, first)
        ready(page)
        time.sleep(3)
        storage = first.storage_state()
        for size, (width, height, dark) in SIZES.items():
            context = browser.context(width, height, dark, storage=storage)
            each = context.new_page()
            for name, path in PAGES.items():
                if not any(word in name for word in wanted.split(",")):
                    continue
                each.goto(house.address + path)
                ready(each)
                if name != "transactions":
                    # The window as high as the page: charts are drawn when they come into view.
                    for _ in range(2):
                        each.set_viewport_size({"width": width, "height": min(6_000, max(height, each.evaluate("document.documentElement.scrollHeight")))})
                        each.wait_for_timeout(300)
                each.screenshot(path=target / f"{name}-{size}.png")
                each.set_viewport_size({"width": width, "height": height})
            if not wanted or "scenes" in wanted:
                scenes(each, house, lambda name, size=size, each=each: each.screenshot(path=target / f"{name}-{size}.png"))
            context.close()
    for trouble in dict.fromkeys(browser.troubles):
        print(trouble)
    browser.close()


main()
