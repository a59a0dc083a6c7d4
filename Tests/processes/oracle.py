"""Asks programs that nobody here wrote what a household earned and spent: its rows as plain-text journals, monthly sums
per account and category by hledger and by bean-query, held against Magpie's own answers to the cent. Rows are edited,
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
    """A category as both programs take it for part of an account's name."""
    return "".join(letter if letter.isalnum() else "-" for letter in text.title())


def hledger(folder, rows):
    path = folder / "household.journal"
    with open(path, "w") as file:
        for day, account, category, flow, amount, currency in rows:
            file.write(f"{day} row\n  assets:{account}  {amount} {currency}\n")
            file.write(f"  {flow}:{name(category)}:{account}  {-amount} {currency}\n\n")
    months = subprocess.run(["hledger", "-f", path, "bal", "-M", "-O", "csv", "--flat", "-N", "^income:", "^expense:"],
                            check=True, capture_output=True, text=True).stdout
    table = list(csv.reader(io.StringIO(months)))
    sums = collections.Counter()
    for line in table[1:]:
        for month, cell in zip(table[0][1:], line[1:]):
            for amount in cell.split(", "):
                if amount and amount != "0":
                    number, currency = amount.split()
                    sums[(month[:7], line[0].lower(), currency)] += Decimal(number.replace(",", ""))
    return sums


def beancount(folder, rows, python):
    path = folder / "household.beancount"
    kinds = {"income": "Income", "expense": "Expenses", "transfer": "Equity:Transfer", "excluded": "Equity:Excluded"}
    names = set()
    text = []
    for day, account, category, flow, amount, currency in rows:
        left = "Assets:A" + account.replace("_", "-")
        right = f"{kinds[flow]}:{name(category)}:A{account.replace('_', '-')}"
        names |= {left, right}
        text.append(f'{day} * "row"\n  {left}  {amount} {currency}\n  {right}  {-amount} {currency}\n')
    with open(path, "w") as file:
        for one in sorted(names):
            file.write(f"1990-01-01 open {one}\n")
        file.write("\n".join(text))
    tool = pathlib.Path(python).parent / "bean-query"
    out = subprocess.run(
        [tool, "-f", "csv", path,
         "SELECT year, month, account, currency, sum(number) AS total WHERE account ~ '^(Income|Expenses):' "
         "GROUP BY year, month, account, currency"], check=True, capture_output=True, text=True).stdout
    sums = collections.Counter()
    for line in list(csv.reader(io.StringIO(out)))[1:]:
        year, month, account, currency, total = [cell.strip() for cell in line]
        kind, category, holder = account.split(":")
        kind = {"Income": "income", "Expenses": "expense"}[kind]
        holder = holder[1:].replace("-", "_")
        sums[(f"{int(year):04}-{int(month):02}", f"{kind}:{category}:{holder}".lower(), currency)] += Decimal(total)
    return sums


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
                        key = (first[:7], f"{flow}:{name(line['category'])}:{account['id']}".lower(), base)
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
            compare("hledger", hledger(folder, counted), own, base)
            compare("bean-query", beancount(folder, counted, sys.executable), own, base)
        finally:
            server.stop()


main(sys.argv[1])
