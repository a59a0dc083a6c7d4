"""Balances, holdings, trades and terms of debts: whether the ledger has just what the bank has of them."""

import datetime
import decimal
import json

from programs import days

DIGITS = {"JPY": 0}
PRODUCTS = ("transactions", "investments", "liabilities")


def number(text):
    return None if text is None else decimal.Decimal(str(text))


def money(minor, currency):
    return None if minor is None else decimal.Decimal(minor) / 10 ** DIGITS.get(currency, 2)


def day(count):
    return None if count is None else days(count)


def currency(row):
    return row["iso_currency_code"] or row["unofficial_currency_code"]


def told(truth):
    """What the bank says, by what it is about: its own names, and the owner's signs."""
    found = {}
    for row in truth["accounts"]:
        held = row["balances"]
        sign = -1 if row["type"] in ("credit", "loan") else 1
        current = None if held["current"] is None else sign * number(held["current"])
        found["balance", row["account_id"]] = (current, number(held["available"]), number(held["limit"]), currency(held))
    for row in truth["holdings"]:
        found["holding", row["account_id"], row["security_id"]] = (
            number(row["quantity"]), number(row["institution_price"]), row["institution_price_as_of"],
            number(row["institution_value"]), number(row["cost_basis"]), currency(row))
    # The bank's clock runs ahead of ours, and nobody asks for trades of tomorrow; what it forgets after two years stays.
    today = datetime.datetime.now(datetime.timezone.utc).date()
    window = str(today - datetime.timedelta(days=700)), str(today)
    for row in truth["investment_transactions"]:
        if window[0] <= row["date"] <= window[1]:
            found["trade", row["investment_transaction_id"]] = (
                row["account_id"], row["security_id"], row["date"], row["name"], number(row["quantity"]),
                -number(row["amount"]), currency(row), number(row["price"]), number(row["fees"]), row["type"],
                row["subtype"])
    for row in truth["liabilities"]:
        found["debt", row["kind"], row["terms"]["account_id"]] = row["terms"]
    return found, window


def kept(ledger, item, window):
    """The same of the ledger."""
    ours = f"""
        connection c JOIN account_source s ON s.household_id = c.household_id AND s.connection_id = c.id
        JOIN account a ON a.household_id = s.household_id AND a.id = s.account_id
        """
    where = f"c.provider_item_id = '{item}'"
    found = {}
    for name, current, available, limit, code in ledger.query(
        ledger.file, f"""
        SELECT s.provider_id, a.current_minor, a.available_minor, a.limit_minor, a.currency FROM {ours} WHERE {where}
        """
    ):
        found["balance", name] = (money(current, code), money(available, code), money(limit, code), code)
    for account, security, quantity, price, price_on, value, cost, code in ledger.query(
        ledger.file, f"""
        SELECT s.provider_id, y.provider_id AS security, h.quantity, h.price, h.price_on, h.value, h.cost_basis, h.currency
        FROM {ours} JOIN holding h ON h.household_id = a.household_id AND h.account_id = a.id
        JOIN security y ON y.household_id = h.household_id AND y.id = h.security_id
        WHERE {where} AND h.quantity <> '0' AND h.day = (SELECT MAX(l.day) FROM holding l
          WHERE l.household_id = h.household_id AND l.account_id = h.account_id AND l.security_id = h.security_id)
        """
    ):
        found["holding", account, security] = (
            number(quantity), number(price), day(price_on), number(value), number(cost), code)
    for name, account, security, booked, words, quantity, minor, code, price, fees, kind, subtype in ledger.query(
        ledger.file, f"""
        SELECT t.provider_id, s.provider_id AS account, y.provider_id AS security, t.booked_on, t.name, t.quantity,
          t.amount_minor, t.currency, t.price, t.fees, t.type, t.subtype
        FROM {ours} JOIN investment_transaction t ON t.household_id = a.household_id AND t.account_id = a.id
        LEFT JOIN security y ON y.household_id = t.household_id AND y.id = t.security_id
        WHERE {where} AND t.removed_at IS NULL
        """
    ):
        if window[0] <= days(booked) <= window[1]:
            found["trade", name] = (
                account, security, days(booked), words, number(quantity), money(minor, code), code, number(price),
                number(fees), kind, subtype)
    for account, kind, raw, minimum, due, overdue in ledger.query(
        ledger.file, f"""
        SELECT s.provider_id, l.kind, l.raw, l.minimum_payment, l.next_due_on, l.is_overdue
        FROM {ours} JOIN liability l ON l.household_id = a.household_id AND l.account_id = a.id
        WHERE {where} AND l.day = (SELECT MAX(m.day) FROM liability m
          WHERE m.household_id = l.household_id AND m.account_id = l.account_id AND m.kind = l.kind)
        """
    ):
        terms = json.loads(raw, parse_float=decimal.Decimal)
        read = (number(minimum), day(due), None if overdue is None else bool(overdue))
        said = (number(terms.get("minimum_payment_amount", terms.get("next_monthly_payment"))),
                terms.get("next_payment_due_date"), terms.get("is_overdue"))
        found["debt", kind, account] = terms if read == said else (terms, read)
    return found


def product_differences(bank, ledger):
    """Where the ledger is not what the bank has, and how many of each kind were compared."""
    wrong, compared = [], {}
    for item in bank.items():
        wanted, window = told(bank.pull("item/truth", item_id=item))
        have = kept(ledger, item, window)
        for name in wanted.keys() | have.keys():
            compared[name[0]] = compared.get(name[0], 0) + 1
            if wanted.get(name) != have.get(name):
                wrong.append(f"{name}: the bank has {wanted.get(name)}, Magpie {have.get(name)}")
    return wrong, compared
