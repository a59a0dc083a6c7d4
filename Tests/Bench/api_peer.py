"""Two lists and the overview as a careful Python program would answer them: FastAPI, orjson, SQLAlchemy Core, SQLite.

It answers the same members with the same values over Magpie's own file, and asks for a token. It leaves out what would
make it slower: people who see different things, several currencies' digits, cursors that cannot be forged, tags of
answers, limits and a log.
"""

import datetime
import fractions
import hmac
import os

import orjson
from fastapi import FastAPI, Header, Query, Response
from sqlalchemy import create_engine, text

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
EPOCH = datetime.date(1970, 1, 1).toordinal()
TOKEN = "Bearer " + os.environ["PEER_TOKEN"]

app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
engine = create_engine("sqlite:///file:%s?mode=ro&uri=true" % os.environ["PEER_DATABASE"])
ledger = engine.connect()
household = ledger.execute(text("SELECT id FROM household ORDER BY created_at LIMIT 1")).scalar_one()

ACCOUNTS = text(
    """
    SELECT a.id, c.id AS connection, c.institution_name, a.kind, a.name, a.official_name, a.mask, a.type, a.subtype,
      a.currency, a.current_minor, a.current_exact, a.available_minor, a.limit_minor, a.balance_at, a.origin,
      a.no_longer_sent_at, a.hidden, a.closed_at, a.notes, h.level
    FROM account a
    LEFT JOIN account_share h ON h.household_id = a.household_id AND h.account_id = a.id
    LEFT JOIN account_source s ON s.household_id = a.household_id AND s.account_id = a.id AND s.is_muted = 0
    LEFT JOIN connection c ON c.household_id = a.household_id AND c.id = s.connection_id
    WHERE a.household_id = :household AND a.deleted_at IS NULL ORDER BY a.position, a.id LIMIT :limit
    """)
TRANSACTIONS = text(
    """
    SELECT t.id, t.account_id, t.is_pending, t.amount_minor, t.currency, t.exact, t.booked_on,
      t.occurred_on, COALESCE(o.name, t.name) AS name, t.original_description, t.merchant_name, t.payment_channel,
      t.category_primary, t.category_detailed, COALESCE(c.flow, t.flow) AS flow, o.notes, t.origin,
      COALESCE(o.category, j.value, t.category_detailed) AS category, o.is_excluded, o.is_reviewed
    FROM bank_transaction t
    LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
    LEFT JOIN judgement j ON j.household_id = t.household_id AND j.transaction_id = t.id AND j.field = 'category'
    LEFT JOIN category c ON c.household_id = t.household_id AND c.code = COALESCE(o.category, j.value)
    WHERE t.household_id = :household AND t.is_gone = 0 AND o.deleted_at IS NULL
    ORDER BY t.occurred_on DESC, t.id DESC LIMIT :limit
    """)
NAMES = ("transaction_tag", "transaction_field", "split")


def shown(prefix, value):
    if value is None:
        return None
    number = int.from_bytes(value, "big")
    return prefix + "_" + "".join(DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def money(minor, currency):
    if minor is None:
        return None
    sign = "-" if minor < 0 else ""
    minor = abs(minor)
    return {"amount": "%s%d.%02d" % (sign, minor // 100, minor % 100), "currency": currency}


def day(number):
    return None if number is None else datetime.date.fromordinal(EPOCH + number).isoformat()


def instant(milliseconds):
    if milliseconds is None:
        return None
    whole = datetime.datetime.fromtimestamp(milliseconds // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    rest = milliseconds % 1000
    return whole + (".%03dZ" % rest if rest else "Z")


def account(row):
    return {
        "id": shown("acc", row.id), "connection": shown("con", row.connection), "institution": row.institution_name,
        "kind": row.kind, "name": row.name, "official_name": row.official_name, "mask": row.mask, "type": row.type,
        "subtype": row.subtype, "currency": row.currency,
        "balance": {
            "current": money(row.current_minor, row.currency), "exact_current": row.current_exact,
            "available": money(row.available_minor, row.currency), "limit": money(row.limit_minor, row.currency),
            "as_of": instant(row.balance_at)},
        "notes": row.notes, "hidden": bool(row.hidden), "closed_at": instant(row.closed_at),
        "sharing": row.level or "full", "by_hand": row.origin == "manual",
        "no_longer_sent_at": instant(row.no_longer_sent_at), "simulated": row.origin == "simulated",
    }


def transaction(row):
    return {
        "id": shown("txn", row.id), "account": shown("acc", row.account_id), "amount": money(row.amount_minor, row.currency),
        "exact_amount": row.exact, "occurred_on": day(row.occurred_on), "booked_on": day(row.booked_on),
        "pending": bool(row.is_pending), "name": row.name, "original_description": row.original_description,
        "merchant": row.merchant_name, "payment_channel": row.payment_channel, "category": row.category,
        "bank_category": None if row.category_primary is None
        else {"primary": row.category_primary, "detailed": row.category_detailed},
        "flow": "excluded" if row.is_excluded else row.flow, "notes": row.notes, "tags": [], "fields": {}, "splits": [],
        "excluded": bool(row.is_excluded), "reviewed": bool(row.is_reviewed), "deleted": False,
        "simulated": row.origin == "simulated", "links": [],
    }


def answer(question, limit, write):
    rows = ledger.execute(question, {"household": household, "limit": limit + 1}).all()
    ledger.rollback()
    value = {"data": [write(row) for row in rows[:limit]], "next": "more" if len(rows) > limit else None}
    return Response(orjson.dumps(value), media_type="application/json")


def may(authorization):
    return hmac.compare_digest(authorization.encode(), TOKEN.encode())


# Not in threads: a question takes less time than handing it over would.
@app.get("/v1/accounts")
async def accounts(limit: int = Query(100, ge=1, le=500), authorization: str = Header("")):
    return answer(ACCOUNTS, limit, account) if may(authorization) else Response(status_code=401)


@app.get("/v1/transactions")
async def transactions(limit: int = Query(100, ge=1, le=500), authorization: str = Header("")):
    if not may(authorization):
        return Response(status_code=401)
    rows = ledger.execute(TRANSACTIONS, {"household": household, "limit": limit + 1}).all()
    ids = [row.id for row in rows[:limit]]
    places = ",".join(":i%d" % index for index in range(len(ids)))
    named = {"i%d" % index: one for index, one in enumerate(ids)}
    # What few rows have: nobody here wrote on one.
    for name in NAMES:
        if ledger.execute(
            text("SELECT 1 FROM %s WHERE household_id = :household AND transaction_id IN (%s)" % (name, places)),
            {"household": household, **named},
        ).first():
            return Response(status_code=500)
    ledger.rollback()
    value = {"data": [transaction(row) for row in rows[:limit]], "next": "more" if len(rows) > limit else None}
    return Response(orjson.dumps(value), media_type="application/json")


SETTINGS = text("SELECT time_zone, base_currency, first_month_day FROM household WHERE id = :household")
MUTED = text(
    "SELECT account_id FROM account_source WHERE household_id = :household GROUP BY account_id HAVING MIN(is_muted) = 1")
HELD = text(
    """
    SELECT id, kind, name, currency, current_minor, no_longer_sent_at,
      (SELECT MIN(d.day) FROM total_day d WHERE d.household_id = a.household_id AND d.account_id = a.id) AS first_on,
      (SELECT MAX(d.day) FROM total_day d WHERE d.household_id = a.household_id AND d.account_id = a.id) AS last_on
    FROM account a WHERE household_id = :household AND deleted_at IS NULL ORDER BY position, id
    """)
MONTHS = text(
    """
    SELECT t.day, t.category, t.currency, t.flow, SUM(t.amount_minor) AS minor
    FROM account a CROSS JOIN total_month t
    WHERE a.household_id = :household AND t.household_id = a.household_id AND t.account_id = a.id AND t.day >= :first
      AND t.day < :end AND t.is_pending = 0 AND t.flow IN ('income', 'expense')
    GROUP BY t.day, t.category, t.currency, t.flow
    """)
ROWS = text("SELECT is_pending, SUM(rows) FROM total_account WHERE household_id = :household GROUP BY is_pending")
LIQUID = {"checking", "savings", "money_market", "cash_management", "prepaid", "cash"}
INVESTED = {"investment", "retirement"}


def half_even(numerator, denominator):
    return round(fractions.Fraction(numerator, denominator))


def months_back(today, count):
    """The first days of the last months and of the next one, oldest first."""
    place = today.year * 12 + today.month - 1
    return [datetime.date(one // 12, one % 12 + 1, 1).toordinal() - EPOCH for one in range(place - count + 1, place + 2)]


@app.get("/v1/overview")
async def overview(months: int = Query(13, ge=1, le=60), authorization: str = Header("")):
    if not may(authorization):
        return Response(status_code=401)
    mine = {"household": household}
    settings = ledger.execute(SETTINGS, mine).one()
    if settings.time_zone != "UTC" or settings.first_month_day != 1:
        return Response(status_code=500)
    base, today = settings.base_currency, datetime.datetime.now(datetime.timezone.utc).date()
    muted = {row.account_id for row in ledger.execute(MUTED, mine)}
    held = ledger.execute(HELD, mine).all()
    if muted or any(row.currency != base for row in held):
        return Response(status_code=500)
    days = [row.first_on for row in held if row.first_on is not None]
    first_on = min(days) if days else None
    last_on = max((row.last_on for row in held if row.last_on is not None), default=None)
    firsts = months_back(today, max(months, 4))
    if first_on is not None:
        firsts = [day for day, end in zip(firsts, firsts[1:]) if end > first_on] + firsts[-1:]
    flows = {day: [0, 0, {}] for day in firsts[:-1]}
    others = set()
    for row in ledger.execute(MONTHS, {**mine, "first": firsts[0], "end": firsts[-1]}):
        if row.currency != base:
            others.add(row.currency)
        elif row.flow == "income":
            flows[row.day][0] += row.minor
        else:
            flows[row.day][1] -= row.minor
            spent = flows[row.day][2]
            spent[row.category] = spent.get(row.category, 0) - row.minor
    lines = []
    for begin, end in zip(firsts, firsts[1:]):
        income, expenses, spent = flows[begin]
        lines.append({
            "month": day(begin)[:7], "from": day(begin), "to": day(end - 1), "income": money(income, base),
            "expenses": money(expenses, base), "net": money(income - expenses, base),
            "spending": [{"category": name, "amount": money(minor, base)}
                         for name, minor in sorted(spent.items(), key=lambda one: (-one[1], one[0]))]})
    number = today.toordinal() - EPOCH
    full = [(begin, flows[begin][1]) for begin, end in zip(firsts, firsts[1:])
            if end <= number and first_on is not None and first_on <= begin][-3:]
    burn = half_even(sum(one[1] for one in full), len(full)) if full else None
    known = [row for row in held if row.current_minor is not None]
    liquid = sum(max(0, row.current_minor) for row in known if row.kind in LIQUID)
    state = "unknown" if burn is None else "unlimited" if burn <= 0 else "known"
    tenths = half_even(liquid * 10, burn) if state == "known" else None
    counts = dict(ledger.execute(ROWS, mine).all())
    latest = ledger.execute(TRANSACTIONS, {**mine, "limit": 8}).all()
    ledger.rollback()
    total = sum(row.current_minor for row in known)
    debts = sum(min(0, row.current_minor) for row in known)
    return Response(orjson.dumps({
        "today": today.isoformat(), "base_currency": base,
        "net_worth": [{
            "currency": base, "assets": money(total - debts, base), "debts": money(debts, base),
            "total": money(total, base), "liquid": money(liquid, base),
            "invested": money(sum(row.current_minor for row in known if row.kind in INVESTED), base)}],
        "accounts": [{
            "id": shown("acc", row.id), "name": row.name, "kind": row.kind, "balance": money(row.current_minor, base),
            "counted": True} for row in held],
        "left_out": {
            "unknown": [shown("acc", row.id) for row in held if row.current_minor is None],
            "old": [shown("acc", row.id) for row in held if row.no_longer_sent_at is not None],
            "counted_elsewhere": [], "currencies": sorted(others)},
        "months": lines,
        "burn": {"per_month": money(burn, base), "months": [day(begin)[:7] for begin, _ in full]},
        "runway": {"state": state, "months": None if tenths is None else "%d.%d" % divmod(tenths, 10)},
        "rows": {"first": day(first_on), "last": day(last_on), "posted": int(counts.get(0, 0)),
                 "pending": int(counts.get(1, 0))},
        "latest": [transaction(row) for row in latest], "budgets": [],
    }), media_type="application/json")
