#!/usr/bin/env python3
"""Drives a running sandbox with Plaid's own Python client and checks the way from a sign-in to a verified webhook.

    magpie sandbox --port 8090 --client-id ID --secret SECRET --control &
    python Tests/conformance/sandbox_conformance.py http://127.0.0.1:8090 ID SECRET

Needs the packages of Tests/requirements.txt. Every wait is bounded. Prints a line for each check, then
"N passed, N failed", and exits with 1 when a check failed.
"""

import base64
import datetime
import hashlib
import http.server
import json
import queue
import sys
import threading
import time
import urllib.request

import plaid
from plaid.api import plaid_api
from plaid.models import (
    AccountsBalanceGetRequest,
    AccountsGetRequest,
    CountryCode,
    InstitutionsSearchRequest,
    InvestmentsHoldingsGetRequest,
    ItemGetRequest,
    ItemPublicTokenExchangeRequest,
    ItemRemoveRequest,
    LiabilitiesGetRequest,
    LinkTokenCreateHostedLink,
    LinkTokenCreateRequest,
    LinkTokenCreateRequestUser,
    LinkTokenGetRequest,
    Products,
    SandboxItemFireWebhookRequest,
    SandboxItemResetLoginRequest,
    SandboxPublicTokenCreateRequest,
    SandboxPublicTokenCreateRequestOptions,
    TransactionsRefreshRequest,
    TransactionsSyncRequest,
    WebhookType,
    WebhookVerificationKeyGetRequest,
)

BANK = "ins_109508"
SECONDS = 30


class Receiver:
    """A web server on this machine that keeps what it is sent."""

    def __init__(self):
        letters = self.letters = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                letters.put((self.headers, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d/webhook" % self.server.server_port

    def wait_for(self, code):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                headers, body = self.letters.get(timeout=end - time.monotonic())
            except (queue.Empty, ValueError):
                break
            if json.loads(body)["webhook_code"] == code:
                return headers, body
        raise AssertionError("no webhook %s came" % code)


# P-256, as FIPS 186-4 has it; affine arithmetic is enough for one signature.
FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def plus(one, two):
    if one is None or two is None:
        return one or two
    if one[0] == two[0]:
        if one[1] != two[1]:
            return None
        slope = 3 * (one[0] ** 2 - 1) * pow(2 * one[1], -1, FIELD)
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, FIELD)
    x = (slope**2 - one[0] - two[0]) % FIELD
    return x, (slope * (one[0] - x) - one[1]) % FIELD


def times(number, point):
    total = None
    for bit in bin(number)[2:]:
        total = plus(total, total)
        if bit == "1":
            total = plus(total, point)
    return total


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(data):
    return int.from_bytes(data, "big")


def signature_fits(key, message, signature):
    r, s = number(signature[:32]), number(signature[32:])
    if len(signature) != 64 or not 0 < r < ORDER or not 0 < s < ORDER:
        return False
    digest = number(hashlib.sha256(message).digest())
    inverse = pow(s, -1, ORDER)
    public = (number(unpadded(key["x"])), number(unpadded(key["y"])))
    point = plus(times(digest * inverse % ORDER, BASE), times(r * inverse % ORDER, public))
    return point is not None and point[0] % ORDER == r


class Conformance:
    def __init__(self, base, client_id, secret):
        self.base, self.client_id, self.secret = base.rstrip("/"), client_id, secret
        self.client = self.make_client(secret)
        self.receiver = Receiver()
        self.passed = self.failed = 0

    def make_client(self, secret):
        configuration = plaid.Configuration(
            host=self.base,
            api_key={"clientId": self.client_id, "secret": secret, "plaidVersion": "2020-09-14"},
        )
        configuration.retries = False
        return plaid_api.PlaidApi(plaid.ApiClient(configuration))

    def call(self, name, request, client=None):
        return getattr(client or self.client, name)(request, _request_timeout=15).to_dict()

    def refusal(self, name, request, client=None):
        try:
            self.call(name, request, client)
        except plaid.ApiException as error:
            return error.status, json.loads(error.body)
        raise AssertionError("%s was not refused" % name)

    def link(self, products, **options):
        made = self.call(
            "sandbox_public_token_create",
            SandboxPublicTokenCreateRequest(
                institution_id=BANK,
                initial_products=[Products(name) for name in products],
                options=SandboxPublicTokenCreateRequestOptions(**options),
            ),
        )
        return self.call(
            "item_public_token_exchange", ItemPublicTokenExchangeRequest(public_token=made["public_token"])
        )

    def loop(self, token, cursor="", count=100):
        """One whole update: (rows by id, ids of removed rows, last cursor, last status)."""
        rows, removed, pages = {}, set(), 0
        while True:
            page = self.call(
                "transactions_sync", TransactionsSyncRequest(access_token=token, cursor=cursor, count=count)
            )
            pages += 1
            told = page["added"] + page["modified"]
            assert len(told) + len(page["removed"]) <= count, "a page is larger than asked for"
            rows.update((row["transaction_id"], row) for row in told)
            removed.update(row["transaction_id"] for row in page["removed"])
            cursor = page["next_cursor"]
            if not page["has_more"]:
                return rows, removed, cursor, page["transactions_update_status"]
            assert told or page["removed"], "an empty page promises more"
            assert pages < 10_000, "the pages do not end"

    def until_complete(self, token):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            update = self.loop(token)
            if update[3] == "HISTORICAL_UPDATE_COMPLETE":
                return update
            if update[3] == "NOT_READY":
                assert update[2] == "" and not update[0], "not ready, yet something was told"
            time.sleep(0.3)
        raise AssertionError("history did not become complete")

    # The checks, in order; later ones use what earlier ones found.

    def check_a_hosted_link_token_opens_a_page(self):
        made = self.call(
            "link_token_create",
            LinkTokenCreateRequest(
                client_name="Conformance",
                language="en",
                country_codes=[CountryCode("US")],
                user=LinkTokenCreateRequestUser(client_user_id="somebody"),
                products=[Products("transactions")],
                hosted_link=LinkTokenCreateHostedLink(),
            ),
        )
        told = self.call("link_token_get", LinkTokenGetRequest(link_token=made["link_token"]))
        assert told["metadata"]["client_name"] == "Conformance"
        with urllib.request.urlopen(made["hosted_link_url"], timeout=15) as answer:
            page = answer.read().decode()
        assert "First Platypus Bank" in page, "the page lists no banks"

    def check_a_sign_in_becomes_an_item(self):
        linked = self.link(["transactions"], webhook=self.receiver.url)
        self.token, self.item_id = linked["access_token"], linked["item_id"]
        item = self.call("item_get", ItemGetRequest(access_token=self.token))["item"]
        assert item["item_id"] == self.item_id and item["error"] is None

    def check_history_comes_in(self):
        self.rows, _, self.cursor, _ = self.until_complete(self.token)
        assert len(self.rows) > 50, "only %d rows" % len(self.rows)

    def check_pages_of_any_size_tell_the_same(self):
        for count in (9, 500):
            assert self.loop(self.token, count=count)[0].keys() == self.rows.keys()
        rows, removed, _, _ = self.loop(self.token, self.cursor)
        assert not rows and not removed, "the same is told twice"

    def check_accounts_and_rows_belong_together(self):
        accounts = self.call("accounts_get", AccountsGetRequest(access_token=self.token))["accounts"]
        ids = {account["account_id"] for account in accounts}
        assert {row["account_id"] for row in self.rows.values()} <= ids

    def check_a_refresh_posts_what_was_pending(self):
        linked = self.link(["transactions"], override_username="user_transactions_dynamic", override_password="x")
        rows, _, cursor, _ = self.until_complete(linked["access_token"])
        self.call("transactions_refresh", TransactionsRefreshRequest(access_token=linked["access_token"]))
        told, removed, _, _ = self.loop(linked["access_token"], cursor)
        assert {key for key, row in rows.items() if row["pending"]} <= removed
        origins = {row["pending_transaction_id"] for row in told.values()} - {None}
        assert origins and origins <= removed

    def check_a_webhook_is_signed(self):
        self.call(
            "sandbox_item_fire_webhook",
            SandboxItemFireWebhookRequest(
                access_token=self.token,
                webhook_type=WebhookType("TRANSACTIONS"),
                webhook_code="SYNC_UPDATES_AVAILABLE",
            ),
        )
        headers, body = self.receiver.wait_for("SYNC_UPDATES_AVAILABLE")
        head, claims, signature = headers["Plaid-Verification"].split(".")
        key_id = json.loads(unpadded(head))["kid"]
        key = self.call("webhook_verification_key_get", WebhookVerificationKeyGetRequest(key_id=key_id))["key"]
        assert signature_fits(key, (head + "." + claims).encode(), unpadded(signature)), "the signature is wrong"
        told = json.loads(unpadded(claims))
        assert told["request_body_sha256"] == hashlib.sha256(body).hexdigest()
        assert abs(time.time() - told["iat"]) < 300
        assert json.loads(body)["item_id"] == self.item_id

    def check_investments_and_liabilities_are_told(self):
        token = self.link(["investments", "liabilities"])["access_token"]
        held = self.call("investments_holdings_get", InvestmentsHoldingsGetRequest(access_token=token))
        assert {row["security_id"] for row in held["holdings"]} <= {row["security_id"] for row in held["securities"]}
        owed = self.call("liabilities_get", LiabilitiesGetRequest(access_token=token))["liabilities"]
        assert owed["credit"], "no card"

    def check_banks_are_found(self):
        found = self.call(
            "institutions_search", InstitutionsSearchRequest(query="platypus", country_codes=[CountryCode("US")])
        )["institutions"]
        assert BANK in {bank["institution_id"] for bank in found}

    def check_mistakes_are_named(self):
        status, error = self.refusal(
            "item_public_token_exchange", ItemPublicTokenExchangeRequest(public_token="public-sandbox-none")
        )
        assert (status, error["error_code"]) == (400, "INVALID_PUBLIC_TOKEN")
        status, error = self.refusal(
            "item_get", ItemGetRequest(access_token=self.token), self.make_client("not " + self.secret)
        )
        assert (status, error["error_code"]) == (400, "INVALID_API_KEYS")
        status, error = self.refusal(
            "transactions_sync", TransactionsSyncRequest(access_token=self.token, cursor="c29tZXdoZXJl")
        )
        assert (status, error["error_code"]) == (400, "INVALID_FIELD")

    def check_a_broken_login_is_told_and_removal_is_final(self):
        self.call("sandbox_item_reset_login", SandboxItemResetLoginRequest(access_token=self.token))
        _, error = self.refusal("accounts_balance_get", AccountsBalanceGetRequest(access_token=self.token))
        assert error["error_code"] == "ITEM_LOGIN_REQUIRED"
        _, body = self.receiver.wait_for("ERROR")
        assert json.loads(body)["error"]["error_code"] == "ITEM_LOGIN_REQUIRED"
        item = self.call("item_get", ItemGetRequest(access_token=self.token))["item"]
        assert item["error"]["error_code"] == "ITEM_LOGIN_REQUIRED"
        self.call("item_remove", ItemRemoveRequest(access_token=self.token))
        _, error = self.refusal("item_get", ItemGetRequest(access_token=self.token))
        assert error["error_code"] == "ITEM_NOT_FOUND"

    def run(self):
        print("# plaid-python %s, %s" % (plaid.__version__, datetime.date.today()))
        for name in [name for name in type(self).__dict__ if name.startswith("check_")]:
            sentence = name[len("check_") :].replace("_", " ")
            try:
                getattr(self, name)()
            except Exception as error:  # whatever goes wrong is the check's failure, and the next one is tried
                self.failed += 1
                print("FAIL %s: %s: %s" % (sentence, type(error).__name__, str(error)[:300]))
            else:
                self.passed += 1
                print("PASS %s" % sentence)
        print("%d passed, %d failed" % (self.passed, self.failed))
        return 1 if self.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(Conformance(*sys.argv[1:]).run())
