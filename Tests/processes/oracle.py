"""Asks programs that nobody here wrote what a household earned and spent: its rows as plain-text journals, monthly sums
per account and category by hledger and by bean-query, held against Magpie's own answers to the cent. The journals are
those that Magpie exports. Rows are edited,
split, excluded, deleted and brought back before.

    oracle.py MAGPIE
"""

import collections
import csv
import decimal
import io
import pathlib
import random
import subprocess
import sys
import tempfile

from assistants import Server

Decimal = decimal.Decimal


def everything(server, path):
    """All pages of a list."""
    rows, cursor = [], None
    while True:
        page = server.call("GET", path + ("&cursor=" + cursor if cursor else ""))
        rows += page["data"]
        cursor = page.get("next")
        if not cursor:
            return rows


def unsettle(server, rows, chance):
    """Changes rows in every way that moves a sum."""
    counts = collections.Counter()
    for row in chance.sample([row for row in rows if not row["pending"]], 60):
        path = "/v1/transactions/" + row["id"]
        what = chance.choice(["category", "split", "exclude", "delete", "restore", "day"])
        counts[what] += 1
        if what == "category":
            server.call("PATCH", path, {"category": chance.choice(["TRAVEL_FLIGHTS", "INCOME_WAGES", "MEDICAL_OTHER_MEDICAL"])})
        elif what == "exclude":
            server.call("PATCH", path, {"excluded": True})
        elif what == "day":
            server.call("PATCH", path, {"occurred_on": row["occurred_on"][:8] + "15"})
        elif what == "split":
            amount = Decimal(row["amount"]["amount"])
            part = (amount / 3).quantize(Decimal(1).scaleb(amount.as_tuple().exponent))
            if part in (0, amount):
                continue
            money = lambda value: {"amount": str(value), "currency": row["amount"]["currency"]}
            server.call("PUT", path + "/splits", {"splits": [
                {"amount": money(part), "category": "TRAVEL_LODGING"}, {"amount": money(amount - part)}]})
        else:
            server.call("DELETE", path)
            if what == "restore":
                server.call("POST", path + "/restore")
    return counts


def pieces(server, rows, flows):
    """What each row counts for: (day, account, category, flow, amount, currency)."""
    for row in rows:
        if row["pending"] or row["deleted"]:
            continue
        parts = row["splits"] or [{"amount": row["amount"], "category": None}]
        for part in parts:
            category = part["category"] or row["category"] or "UNCATEGORIZED"
            flow = row["flow"]
            if not row["excluded"] and part["category"]:
                flow = flows.get(part["category"], flow)
            yield (row["occurred_on"], row["account"], category, flow, Decimal(part["amount"]["amount"]),
                   part["amount"]["currency"])


def name(text):
    """A category as the journal has it for part of an account's name."""
    return "-".join(word for word in "".join(letter if letter.isalnum() else " " for letter in text).split())


def by_hand(rows):
    sums = collections.Counter()
    for day, account, category, flow, amount, currency in rows:
        root = {"income": "income", "expense": "expenses"}.get(flow)
        if root:
            sums[(day[:7], f"{root}:{name(category)}:{account}".lower(), currency)] -= amount
    return sums


def journal(server, folder, which, account):
    """The account as Magpie itself writes it down for other programs."""
    path = folder / (account["id"] + "." + which)
    path.write_text(server.text("GET", f"/v1/journal?format={which}&account={account['id']}"))
    return path


def hledger(server, folder, accounts, months):
    sums = collections.Counter()
    for account in accounts:
        path = journal(server, folder, "hledger", account)
        subprocess.run(["hledger", "-f", path, "check"], check=True)
        told = subprocess.run(
            ["hledger", "-f", path, "bal", "-M", "-O", "csv", "--flat", "-N", "-C", "^Income:", "^Expenses:"],
            check=True, capture_output=True, text=True).stdout
        table = list(csv.reader(io.StringIO(told)))
        for line in table[1:]:
            for month, cell in zip(table[0][1:], line[1:]):
                for amount in cell.split(", "):
                    if amount and amount != "0" and month[:7] in months:
                        number, currency = amount.split()
                        key = (month[:7], f"{line[0]}:{account['id']}".lower(), currency)
                        sums[key] += Decimal(number.replace(",", ""))
    return sums


def beancount(server, folder, accounts, months, python):
    sums = collections.Counter()
    tool = pathlib.Path(python).parent / "bean-query"
    for account in accounts:
        path = journal(server, folder, "beancount", account)
        out = subprocess.run(
            [tool, "-f", "csv", path,
             "SELECT year, month, account, currency, sum(number) AS total WHERE account ~ '^(Income|Expenses):' "
             "AND flag = '*' GROUP BY year, month, account, currency"],
            check=True, capture_output=True, text=True)
        if out.stderr.strip():
            raise SystemExit("FAIL beancount complains: " + out.stderr[:2000])
        for line in list(csv.reader(io.StringIO(out.stdout)))[1:]:
            year, month, name, currency, total = [cell.strip() for cell in line]
            month = f"{int(year):04}-{int(month):02}"
            if month in months:
                sums[(month, f"{name}:{account['id']}".lower(), currency)] += Decimal(total)
    return sums


def balances(server, folder, accounts):
    """The journal of all ends with what the banks say."""
    path = folder / "all.journal"
    path.write_text(server.text("GET", "/v1/journal"))
    told = subprocess.run(["hledger", "-f", path, "bal", "-O", "csv", "--flat", "-N", "-C", "^Assets:", "^Liabilities:"],
                          check=True, capture_output=True, text=True).stdout
    theirs = collections.Counter()
    for _, cell in list(csv.reader(io.StringIO(told)))[1:]:
        for amount in cell.split(", "):
            if amount and amount != "0":
                number, currency = amount.split()
                theirs[currency] += Decimal(number.replace(",", ""))
    own = collections.Counter()
    for account in accounts:
        current = account["balance"]["current"]
        if current:
            own[current["currency"]] += Decimal(current["amount"])
    if {key: one for key, one in theirs.items() if one} != {key: one for key, one in own.items() if one}:
        raise SystemExit(f"FAIL net worth: {dict(theirs)} by hledger, {dict(own)} by the banks")
    print(f"hledger: the journal of all {len(accounts)} accounts ends with what the banks say")


def ours(server, months, accounts):
    """The same sums as Magpie tells them, account by account."""
    sums = collections.Counter()
    for account in accounts:
        for first, last in months:
            told = server.call("GET", f"/v1/cashflow/summary?from={first}&to={last}&account={account['id']}")
            base = told["window"]["income"]["currency"]
            for flow, sign, lines in (("income", -1, told["income"]), ("expense", 1, told["expenses"])):
                for line in lines:
                    amount = sign * Decimal(line["amount"]["amount"])
                    if amount:
                        root = {"income": "income", "expense": "expenses"}[flow]
                        key = (first[:7], f"{root}:{name(line['category'])}:{account['id']}".lower(), base)
                        sums[key] += amount
    return sums


def compare(which, theirs, own, base):
    theirs = {key: amount for key, amount in theirs.items() if amount and key[2] == base}
    wrong = [(key, theirs.get(key), own.get(key)) for key in sorted(set(theirs) | set(own))
             if theirs.get(key, 0) != own.get(key, 0)]
    for one in wrong[:20]:
        print("FAIL", which, one)
    if wrong:
        raise SystemExit(f"FAIL {len(wrong)} of {len(theirs)} sums differ from {which}'s")
    print(f"{which}: {len(theirs)} monthly sums per account and category are the same to the cent")


def main(magpie):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        server = Server(str(pathlib.Path(magpie).resolve()), folder)
        try:
            rows = everything(server, "/v1/transactions?limit=500")
            counts = unsettle(server, rows, random.Random(6))
            rows = everything(server, "/v1/transactions?limit=500")
            flows = {one["code"]: one["flow"] for one in server.call("GET", "/v1/categories")["data"]}
            accounts = everything(server, "/v1/accounts?limit=500")
            counted = list(pieces(server, rows, flows))
            months = sorted({day[:7] for day, *_ in counted})[-24:]
            counted = [one for one in counted if one[0][:7] in months]
            flow = server.call("GET", "/v1/cashflow?period=month&count=60")["data"]
            windows = [(one["from"], one["to"]) for one in flow if one["period"] in months]
            own = ours(server, windows, accounts)
            base = flow[0]["income"]["currency"]
            print(f"{len(counted)} rows and parts of {len(months)} months; changed before: {dict(counts)}")
            compare("our own count of the rows", by_hand(counted), own, base)
            compare("hledger", hledger(server, folder, accounts, months), own, base)
            compare("bean-query", beancount(server, folder, accounts, months, sys.executable), own, base)
            balances(server, folder, accounts)
        finally:
            server.stop()


main(sys.argv[1])
