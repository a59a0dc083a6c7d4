"""Pictures of every page in every size, light and dark: .build/web-screenshots. To be looked at.

usage: shots.py MAGPIE [word in a page's name]
"""

import pathlib
import sys
import time

from house import Browser, House, ready, set_up, sign_in

PAGES = {
    "overview": "/", "accounts": "/accounts", "transactions": "/transactions", "cash-flow": "/cash-flow",
    "investments": "/investments", "liabilities": "/liabilities", "activity": "/activity",
    "settings-profile": "/settings/profile", "settings-security": "/settings/security",
    "settings-household": "/settings/household", "settings-keys": "/settings/keys",
}
SIZES = {"360": (360, 780, False), "768": (768, 1024, False), "1440": (1440, 900, False), "1440-dark": (1440, 900, True)}


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
                if wanted not in name:
                    continue
                each.goto(house.address + path)
                ready(each)
                each.wait_for_timeout(600)
                each.screenshot(path=target / f"{name}-{size}.png", full_page=name != "transactions")
            context.close()
    for trouble in dict.fromkeys(browser.troubles):
        print(trouble)
    browser.close()


main()
