"""A bank's file: looked at, corrected where it was misread, imported as one change and taken back."""

from playwright.sync_api import expect

from house import accessible, ask

TABLE = """Kontoauszug;;
Tag;Wer;Wert
03.02.2026;Bäcker Gökçe;-3,50
04.02.2026;Gehalt;2.000,00
Summe;;1.996,50
"""
OFX = """OFXHEADER:100

<OFX><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>98-7654</BANKACCTFROM><BANKTRANLIST>
<STMTTRN><DTPOSTED>20260301<TRNAMT>-12.34<FITID>a1<NAME>Corner shop</STMTTRN>
<STMTTRN><DTPOSTED>20260302<TRNAMT>-1.00<FITID>a2<NAME>Kiosk</STMTTRN></BANKTRANLIST>
<LEDGERBAL><BALAMT>50.00<DTASOF>20260302</LEDGERBAL></STMTRS></OFX>
"""


def given(name, text, encoding="utf-8"):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": text.encode(encoding)}


def imports(world):
    """From a file to rows in a new account, by keyboard where it matters; again, and back."""
    page = world.page("/settings/import", width=390, height=844)
    accessible(page, "import")
    page.get_by_label("File from a bank").set_input_files(given("a.ofx", OFX))
    expect(page.locator("#counts")).to_contain_text("2 new rows.")
    expect(page.get_by_label("Name of the account")).to_have_value("98-7654")
    expect(page.get_by_text("the account held $50.00")).to_be_visible()
    accessible(page, "a file that was read")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_label("Name of the account").fill("Old bank")
    page.get_by_role("button", name="Import", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 rows are imported.")).to_be_visible()
    accessible(page, "an import that was made")
    old = [each for each in ask(page, "GET", "/v1/accounts")["body"]["data"] if each["name"] == "Old bank"]
    assert len(old) == 1 and old[0]["by_hand"], old

    # The same file again brings nothing: the account is chosen already.
    page.get_by_label("File from a bank").set_input_files(given("a.ofx", OFX))
    expect(page.locator("#counts")).to_contain_text("0 new rows. 2 are there already.")
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()

    # A table whose columns have names that say nothing.
    page.get_by_label("Into which account?").select_option("")
    page.get_by_label("File from a bank").set_input_files(given("b.csv", TABLE, "windows-1254"))
    expect(page.locator("#counts")).to_contain_text("2 new rows.")
    expect(page.get_by_role("region", name="What the file would bring")).to_contain_text("2,000.00")
    how = page.get_by_text("How the table was read")
    if not page.get_by_label("What Wert means").is_visible():
        how.click()
    page.get_by_label("What Wert means").select_option("-")
    expect(page.locator("#counts")).to_contain_text("0 new rows.")
    page.get_by_label("What Wert means").select_option("amount")
    page.get_by_text("The bank writes what I spend as positive").click()
    expect(page.get_by_role("region", name="What the file would bring")).to_contain_text("\N{MINUS SIGN}$2,000.00")
    page.get_by_text("The bank writes what I spend as positive").click()
    page.get_by_label("Name of the account").fill("Second")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="2 rows are imported.")).to_be_visible()
    page.get_by_role("region", name="2 rows are imported.").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="2 rows are imported.")).to_have_count(0)
    names = [each["name"] for each in ask(page, "GET", "/v1/accounts")["body"]["data"]]
    assert "Second" not in names and "Old bank" in names, names

    world.browser.allowed = [r"status of 422"]
    page.get_by_label("File from a bank").set_input_files(given("c.pdf", "%PDF-1.7"))
    expect(page.get_by_role("alert")).to_contain_text("Send CSV, OFX, QFX, camt or MT940")
    # The others' tests count accounts: this one is taken back too.
    row = ask(page, "GET", f"/v1/transactions?account={old[0]['id']}")["body"]["data"][0]
    history = ask(page, "GET", f"/v1/transactions/{row['id']}/history")["body"]["data"]
    answer = ask(page, "POST", f"/v1/changes/{history[-1]['group']}/undo", {})
    assert answer["status"] in (200, 201), answer
    world.browser.allowed = []


IMPORTS = [imports]
