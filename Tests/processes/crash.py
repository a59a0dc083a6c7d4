"""Kills `magpie sync` at random moments, again and again, and then asks whether anything is lost.

A simulated bank runs in a process of its own and is reached over HTTP. Its rows change between the runs, and while they
go on. Runs are started alone or two at once on one database, and end by SIGKILL at a moment drawn by chance, the very
first ones included. At the end one run may finish; after it the ledger has to be equal to the bank's own truth: row for
row, and every balance, holding, trade and debt. Then `magpie link` is killed in fresh installations whose bank runs within the same process and dies with it.

    crash.py MAGPIE [--kills 100] [--links 6] [--seed 1]

Only Python's standard library is needed.
"""

import argparse
import collections
import decimal
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from products import PRODUCTS, product_differences
from programs import Bank, Runs, days

DIGITS = {"JPY": 0}
EXPECTED = (0, 5)  # Done, or another process was busy with the bank.
FIRST_READING = 4  # Seconds that two years of two banks take, roughly,
FIRST_KILLS = 10  # and so many kills at most before they may be read.


def churn(bank, chance, items, share=1.0):
    """Rows go, come, change and are told again; some days pass."""
    for item in items:
        lever, rows = chance.choice(
            [("churn", 400), ("churn", 900), ("resend", 600), ("correct", 300), ("remove_rows", 3)]
        )
        body = {"item_id": item, "rows": max(1, int(chance.randint(1, rows) * share))}
        if lever == "correct":
            body["by_minor"] = chance.choice([-250, -1, 1, 99])
        bank.pull("item/" + lever, **body)
    if chance.random() < 0.2:
        bank.pull("clock/advance", seconds=chance.randint(600, 40_000))
        for item in items:
            bank.pull("item/repair", item_id=item)  # Sign-ins lapse after a month.


class Ledger:
    """Magpie's database, looked at from outside."""

    def __init__(self, file):
        self.file = file

    def read(self, sql, others_run):
        """A killed process's files are looked at in a copy, so that the next process finds them as they were left."""
        if others_run:
            return self.query(self.file, sql)
        with tempfile.TemporaryDirectory() as folder:
            for suffix in ("", "-wal"):
                source = pathlib.Path(str(self.file) + suffix)
                if source.exists():
                    shutil.copy(source, pathlib.Path(folder) / ("copy.db" + suffix))
            return self.query(pathlib.Path(folder) / "copy.db", sql)

    @staticmethod
    def query(file, sql):
        connection = sqlite3.connect(file, timeout=30)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def phase(self, pid, runs_before, others_run):
        """Where a killed process was: what it held, and how far that run had come."""
        held = self.read(
            f"""
            SELECT r.phase, r.pages FROM connection c
            JOIN sync_run r ON r.connection_id = c.id AND r.ended_at IS NULL
            WHERE c.lease_owner LIKE '%/{pid}/%' ORDER BY r.started_at DESC, r.id DESC LIMIT 1
            """,
            others_run,
        )
        if held:
            phase, pages = held[0]
            return "applying" if phase == "applying" else "fetching" if pages else "fetching, no page kept yet"
        if self.read(f"SELECT 1 FROM connection WHERE lease_owner LIKE '%/{pid}/%'", others_run):
            return "reading holdings, trades or debts"
        runs = self.read("SELECT COUNT(*) FROM sync_run", others_run)[0][0]
        return "before a run" if runs == runs_before else "between or after runs"

    def runs(self):
        return self.read("SELECT COUNT(*) FROM sync_run", False)[0][0]

    def rows(self, item):
        """What Magpie believes an Item's rows to be, in the bank's own names and signs."""
        found = self.query(
            self.file,
            f"""
            SELECT s.provider_id AS name, a.provider_id AS account, t.amount_minor, t.currency, t.booked_on,
              t.name AS words, t.is_pending
            FROM connection c
            JOIN transaction_source s ON s.household_id = c.household_id AND s.connection_id = c.id
            JOIN bank_transaction t ON t.household_id = s.household_id AND t.id = s.transaction_id
            JOIN account_source a ON a.household_id = t.household_id AND a.connection_id = c.id
              AND a.account_id = t.account_id
            WHERE c.provider_item_id = '{item}' AND s.removed_at IS NULL AND t.is_gone = 0
            """,
        )
        rows = {}
        for name, account, minor, currency, day, words, pending in found:
            amount = -decimal.Decimal(minor) / 10 ** DIGITS.get(currency, 2)
            rows[name] = (account, amount, currency, days(day), words, bool(pending))
        return rows, len(found)

    def living(self, item):
        return self.query(
            self.file,
            f"""
            SELECT COUNT(*) FROM bank_transaction t WHERE t.is_gone = 0 AND t.account_id IN (
              SELECT s.account_id FROM account_source s JOIN connection c ON c.id = s.connection_id
              WHERE c.provider_item_id = '{item}')
            """,
        )[0][0]


def truth(bank, item):
    rows = {}
    for row in bank.pull("item/truth", item_id=item)["transactions"]:
        currency = row["iso_currency_code"] or row["unofficial_currency_code"]
        rows[row["transaction_id"]] = (
            row["account_id"], decimal.Decimal(row["amount"]), currency, row["date"], row["name"], row["pending"],
        )
    return rows


def kill_all(runs, bank, ledger, chance, kills):
    """Kills until `kills` processes died by it. Returns where they were, and how it went otherwise."""
    places, others = collections.Counter(), collections.Counter()
    items = bank.items()
    length, is_read, measured = FIRST_READING, False, 0
    while (killed := sum(places.values())) < kills:
        if is_read:
            churn(bank, chance, items)
        if (is_read or killed >= FIRST_KILLS) and killed >= measured:
            # How long a run takes is seen from those that may end; the ones killed would tell of the short ones alone.
            length, is_read, measured = runs.done("sync", "--all")[1], True, killed + 20
            churn(bank, chance, items)
        before = ledger.runs()
        pair = [runs.start("sync", "--all")]
        if chance.random() < 0.35:
            time.sleep(chance.random() * length / 4)
            pair.append(runs.start("sync", "--all"))
            others["pairs on one database"] += 1
        span = length * (1.2 if len(pair) == 2 else 0.9)
        moments = {process: process.began + chance.random() * span for process in pair}
        if chance.random() < 0.3:
            # The bank does not stand still while it is being read.
            time.sleep(chance.random() * length / 2)
            churn(bank, chance, [chance.choice(items)], share=0.05)
            others["changes during a run"] += 1
        for process in sorted(pair, key=lambda one: moments[one]):
            try:
                process.wait(max(0, moments[process] - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            _, errors = runs.finish(process)
            if process.returncode == -signal.SIGKILL:
                others_run = any(other.poll() is None for other in pair)
                places[ledger.phase(process.pid, before, others_run)] += 1
                others["during the first reading"] += not is_read
            elif process.returncode in EXPECTED:
                others["had ended before the kill"] += 1
                is_read = is_read or process.returncode == 0
            else:
                raise SystemExit(f"magpie sync ended with {process.returncode}: {errors}")
    return places, others


def differences(bank, ledger):
    """Where the ledger is not what the bank has, and how many rows were compared."""
    wrong, compared = [], 0
    for item in bank.items():
        wanted, (have, names) = truth(bank, item), ledger.rows(item)
        compared += len(wanted)
        for name in wanted.keys() | have.keys():
            if wanted.get(name) != have.get(name):
                wrong.append(f"row {name}: the bank has {wanted.get(name)}, Magpie {have.get(name)}")
        living = ledger.living(item)
        if not names == living == len(wanted):
            wrong.append(f"{len(wanted)} rows at the bank, {names} under its names, {living} living")
    return wrong, compared


def planted(bank, ledger):
    """Whether the comparison sees one wrong cent, and one row too few: otherwise its silence would mean nothing."""
    seen = []
    for table, change, which in [
        ("holding", "value = '1.5'", "quantity <> '0' ORDER BY day DESC"),
        ("investment_transaction", "removed_at = 1", "removed_at IS NULL ORDER BY booked_on DESC"),
        ("liability", "next_due_on = 1", "1 = 1 ORDER BY day DESC"),
        ("account", "available_minor = available_minor + 1", "available_minor IS NOT NULL"),
    ]:
        before = len(product_differences(bank, ledger)[0])
        connection = sqlite3.connect(ledger.file, timeout=30)
        connection.execute(
            f"UPDATE {table} SET {change} WHERE rowid = (SELECT rowid FROM {table} WHERE {which} LIMIT 1)")
        connection.commit()
        connection.close()
        if len(product_differences(bank, ledger)[0]) != before + 1:
            return False
    living = "SELECT id FROM bank_transaction WHERE is_gone = 0 ORDER BY id LIMIT 1"
    for change in ("amount_minor = amount_minor + 1", "is_gone = 1"):
        connection = sqlite3.connect(ledger.file, timeout=30)
        connection.execute(f"UPDATE bank_transaction SET {change} WHERE id = ({living})")
        connection.commit()
        connection.close()
        seen.append(len(differences(bank, ledger)[0]))
    return seen[0] == 1 and seen[1] > 1


def check(runs, bank, ledger):
    """Everything that has to be true once one run was left alone."""
    runs.done("sync", "--all")
    wrong, compared = differences(bank, ledger)
    more, others = product_differences(bank, ledger)
    wrong += more
    for kind in ("balance", "holding", "trade", "debt"):
        if not others.get(kind):
            wrong.append(f"no {kind} was compared: that none differs means nothing")
    for line in ledger.query(ledger.file, "PRAGMA integrity_check"):
        if line[0] != "ok":
            wrong.append(f"integrity: {line[0]}")
    for line in ledger.query(ledger.file, "PRAGMA foreign_key_check"):
        wrong.append(f"foreign key: {line}")
    for owner, in ledger.query(ledger.file, "SELECT lease_owner FROM connection WHERE lease_owner IS NOT NULL"):
        wrong.append(f"a lease is still held by {owner}")
    left = ledger.query(ledger.file, "SELECT COUNT(*) FROM sync_run WHERE ended_at IS NULL")[0][0]
    if left:
        wrong.append(f"{left} runs that were killed still look as if they went on")
    if ledger.query(ledger.file, "SELECT COUNT(*) FROM quarantine WHERE settled_at IS NULL")[0][0]:
        wrong.append("rows are in quarantine")
    again = json.loads(runs.done("sync", "--all", "--json")[0])
    for report in again["data"]:
        if report["outcome"] != "applied" or report["counts"]["rows"] != 0:
            wrong.append(f"a second run found something: {report}")
    health = json.loads(runs.done("doctor", "--json")[0])
    wrong += [f"doctor: {one['finding']}" for one in health["data"] if one["state"] == "wrong"]
    if not wrong and not planted(bank, ledger):
        wrong.append("a planted difference was not seen")
    return wrong, compared, others


def kill_links(magpie, folder, chance, count):
    """Kills `magpie link` in fresh installations; each must be able to go on to exactly one link that is whole."""
    wrong, killed = [], 0
    usual = 4.0
    for number in range(count):
        house = folder / f"house-{number}"
        house.mkdir()
        environment = {"PATH": os.environ["PATH"], "HOME": str(house), "MAGPIE_DATA_DIR": str(house / "data")}
        runs = Runs(magpie, house, environment)
        words = ["link", "--institution", "ins_109508", "--username", "user_saver"]
        process = runs.start(*words)
        try:
            process.wait(chance.random() * usual)
            usual = time.monotonic() - process.began
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        runs.finish(process)
        killed += process.returncode == -signal.SIGKILL
        # Refused when the first one got so far that the bank is linked.
        again = runs.start(*words)
        _, errors = runs.finish(again)
        if again.returncode != 0 and "linked" not in errors:
            wrong.append(f"link after a kill ended with {again.returncode}: {errors}")
        runs.done("sync", "--all")
        full = json.loads(runs.done("sync", "--full", "--json")[0])["data"]
        counts = [report["counts"] for report in full]
        if len(full) != 1 or counts[0]["rows"] < 100 or counts[0]["added"] or counts[0]["removed"]:
            wrong.append(f"a full reading after a killed link found something: {full}")
        health = json.loads(runs.done("doctor", "--json")[0])
        wrong += [f"doctor: {one['finding']}" for one in health["data"] if one["state"] == "wrong"]
    return wrong, killed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("magpie")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--links", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    began = time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="magpie-crash-"))
    bank = Bank(options.magpie, folder, options.seed)
    try:
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "MAGPIE_DATA_DIR": str(folder / "data"),
            "PLAID_CLIENT_ID": bank.client_id, "PLAID_SECRET": bank.secret, "PLAID_BASE_URL": bank.url,
        }
        runs = Runs(options.magpie, folder, environment)
        for institution, user in [("ins_109508", "user_good"), ("ins_109511", "user_yuppie")]:
            runs.done("link", "--public-token", bank.public_token(institution, user, PRODUCTS), "--no-sync")
        # All of the history is there, and no page comes at once: otherwise hardly a kill would meet a run.
        bank.pull("clock/advance", seconds=30)
        bank.pull("faults/add", fault="slow=10", endpoint="/transactions/sync")
        for endpoint in ("/investments/holdings/get", "/investments/transactions/get", "/liabilities/get"):
            bank.pull("faults/add", fault="slow=60", endpoint=endpoint)
        ledger = Ledger(folder / "data" / "magpie.db")
        places, others = kill_all(runs, bank, ledger, chance, options.kills)
        wrong, compared, products = check(runs, bank, ledger)
    finally:
        bank.process.kill()
        bank.process.wait()
    print(f"seed {options.seed}: {sum(places.values())} kills in {time.monotonic() - began:.0f} s")
    for place, count in places.most_common():
        print(f"  {count:4} {place}")
    for what, count in sorted(others.items()):
        print(f"  {count:4} {what}")
    others = ", ".join(f"{count} {kind}s" for kind, count in sorted(products.items()))
    print(f"  {compared} rows, {others} compared with the bank")
    more, killed = kill_links(options.magpie, folder, chance, options.links)
    wrong += more
    print(f"  {killed:4} kills of magpie link in {options.links} new installations")
    fetching = places["fetching"] + places["fetching, no page kept yet"]
    reading = places["reading holdings, trades or debts"]
    for place, count in [("fetching", fetching), ("applying", places["applying"]), ("reading the rest", reading)]:
        if not count:
            wrong.append(f"no kill met a run that was {place}: the test proves nothing")
    if fetching + places["applying"] + reading < sum(places.values()) // 4:
        wrong.append("too few kills met a run: the test proves little")
    for line in wrong[:20]:
        print("WRONG " + line, file=sys.stderr)
    if wrong:
        print(f"{len(wrong)} things are wrong; everything is kept in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    print("nothing is lost, nothing is twice")
    return 0


if __name__ == "__main__":
    sys.exit(main())
