#!/usr/bin/env python3
"""The same job as a Python program would do it: Plaid's own client, SQLAlchemy Core, SQLite.

    python Tests/Bench/peer.py PAGES LEDGER TARGET raw|types [ROWS]

Reads the bank's answers that Magpie reads, and writes the same two tables (made from LEDGER's own statements) with the
same durability in one transaction. `raw` takes the answer's bytes from the client and reads the JSON itself; `types` lets
the client make its own objects. It keeps no pages, looks up no row, and counts no totals: all of that would be slower.
Prints one JSON object.
"""

import datetime
import decimal
import json
import os
import struct
import sys
import time

import plaid
from plaid.api import plaid_api
from plaid.model.transactions_sync_request import TransactionsSyncRequest
from sqlalchemy import MetaData, Table, create_engine, event, text
from sqlalchemy.dialects.sqlite import insert

EPOCH = datetime.date(1970, 1, 1).toordinal()


class Canned:
    """An answer as urllib3 would hand it over."""

    status, reason = 200, "OK"

    def __init__(self, data):
        self.data = data

    def getheaders(self):
        return {"content-type": "application/json"}

    def getheader(self, name, default=None):
        return self.getheaders().get(name.lower(), default)


def answers(path):
    with open(path, "rb") as file:
        while head := file.read(4):
            yield file.read(struct.unpack("<I", head)[0])


def new_id(milliseconds):
    """A UUIDv7."""
    random = int.from_bytes(os.urandom(10), "big")
    return (milliseconds << 80 | 7 << 76 | (random >> 68 & 0xFFF) << 64 | 2 << 62 | random & (1 << 62) - 1).to_bytes(
        16, "big"
    )


def day(value):
    if value is None:
        return None
    date = value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
    return date.toordinal() - EPOCH


def instant(value):
    if value is None:
        return None
    time = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)
    return int(time.timestamp() * 1000)


def dumped(value):
    return json.dumps(value, default=str) if value else None


def main():
    pages, ledger, target, mode = sys.argv[1:5]
    limit = int(sys.argv[5]) if len(sys.argv) > 5 else None
    engine = create_engine("sqlite:///" + target)

    @event.listens_for(engine, "connect")
    def prepare(connection, _):
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -49152", "foreign_keys = ON"):
            connection.execute("PRAGMA " + pragma)

    parents = ("household", "person", "membership", "connection", "account", "account_source")
    with engine.begin() as connection:
        connection.execute(text("ATTACH '%s' AS ledger" % ledger))
        shapes = connection.execute(
            text("SELECT sql FROM ledger.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
        ).scalars().all()
        for shape in shapes:
            connection.execute(text(shape))
        for parent in parents:
            connection.execute(text("INSERT INTO main.%s SELECT * FROM ledger.%s" % (parent, parent)))
        accounts = {
            row.provider_id: row.account_id
            for row in connection.execute(text("SELECT provider_id, account_id FROM main.account_source"))
        }
        household, bank = connection.execute(text("SELECT household_id, id FROM main.connection")).one()
    metadata = MetaData()
    transactions = Table("bank_transaction", metadata, autoload_with=engine)
    sources = Table("transaction_source", metadata, autoload_with=engine)

    waiting = answers(pages)
    next(waiting)  # what /accounts/get said
    api = plaid_api.PlaidApi(plaid.ApiClient(plaid.Configuration(host="http://127.0.0.1", api_key={})))
    api.api_client.request = lambda *_, **__: Canned(next(waiting))

    upsert = insert(transactions)
    upsert = upsert.on_conflict_do_update(
        index_elements=["household_id", "id"],
        set_={"amount_minor": upsert.excluded.amount_minor, "name": upsert.excluded.name},
    )
    keep = insert(sources)
    keep = keep.on_conflict_do_update(
        index_elements=["household_id", "connection_id", "provider_id"], set_={"seen_to": keep.excluded.seen_to}
    )
    known = {
        "account_id", "amount", "authorized_date", "authorized_datetime", "check_number", "counterparties", "date",
        "datetime", "iso_currency_code", "location", "merchant_entity_id", "merchant_name", "name",
        "original_description", "payment_channel", "payment_meta", "pending", "pending_transaction_id",
        "personal_finance_category", "transaction_code", "transaction_id", "unofficial_currency_code", "website",
    }

    start = time.perf_counter()
    now = int(time.time() * 1000)
    count, cursor = 0, ""
    with engine.begin() as connection:
        while True:
            request = TransactionsSyncRequest(access_token="token", cursor=cursor, count=500)
            if mode == "types":
                page = api.transactions_sync(request).to_dict()
            else:
                page = json.loads(api.transactions_sync(request, _preload_content=False).data, parse_float=str)
            rows, names = [], []
            for row in page["added"]:
                id = new_id(now)
                minor = -int((decimal.Decimal(str(row["amount"])) * 100).to_integral_value())
                category = row.get("personal_finance_category") or {}
                booked = day(row["date"])
                authorized = day(row["authorized_date"])
                rest = {key: value for key, value in row.items() if key not in known and value is not None}
                rows.append({
                    "household_id": household, "id": id, "account_id": accounts[row["account_id"]],
                    "is_pending": int(row["pending"]), "is_gone": 0, "amount_minor": minor,
                    "currency": row["iso_currency_code"], "booked_on": booked, "booked_at": instant(row["datetime"]),
                    "authorized_on": authorized, "authorized_at": instant(row["authorized_datetime"]),
                    "occurred_on": authorized or booked, "name": row["name"],
                    "original_description": row.get("original_description"), "merchant_name": row["merchant_name"],
                    "merchant_entity_id": row["merchant_entity_id"], "website": row["website"],
                    "payment_channel": row["payment_channel"], "check_number": row["check_number"],
                    "transaction_code": row["transaction_code"], "category_primary": category.get("primary"),
                    "category_detailed": category.get("detailed"),
                    "category_confidence": category.get("confidence_level"),
                    "category_version": str(category.get("version")), "counterparties": dumped(row["counterparties"]),
                    "location": None, "payment_meta": None, "rest": dumped(rest),
                    "flow": "income" if minor > 0 else "expense", "origin": "simulated", "created_at": now,
                    "changed_at": now,
                })
                names.append({
                    "household_id": household, "connection_id": bank, "provider_id": row["transaction_id"],
                    "transaction_id": id, "is_pending": int(row["pending"]),
                    "pending_id": row["pending_transaction_id"], "seen_from": now, "seen_to": now, "seen_fence": 1,
                    "amount_minor": minor, "booked_on": booked,
                })
            connection.execute(upsert, rows)
            connection.execute(keep, names)
            count += len(rows)
            cursor = page["next_cursor"]
            if not page["has_more"] or (limit and count >= limit):
                break
    print(json.dumps({"rows": count, "seconds": time.perf_counter() - start}))


main()
