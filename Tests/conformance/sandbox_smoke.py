#!/usr/bin/env python3
"""A short look at a running sandbox with Plaid's own client: sign in, exchange the token, read the accounts.

    python Tests/conformance/sandbox_smoke.py http://127.0.0.1:8090 ID SECRET
"""

import sys

import plaid
from plaid.api import plaid_api
from plaid.models import (
    AccountsGetRequest,
    ItemPublicTokenExchangeRequest,
    Products,
    SandboxPublicTokenCreateRequest,
)

if len(sys.argv) != 4:
    sys.exit(__doc__)
url, client_id, secret = sys.argv[1:]
keys = {"clientId": client_id, "secret": secret}
api = plaid_api.PlaidApi(plaid.ApiClient(plaid.Configuration(host=url, api_key=keys)))
linked = api.sandbox_public_token_create(
    SandboxPublicTokenCreateRequest(institution_id="ins_109508", initial_products=[Products("transactions")])
)
token = api.item_public_token_exchange(
    ItemPublicTokenExchangeRequest(public_token=linked["public_token"])
)["access_token"]
accounts = api.accounts_get(AccountsGetRequest(access_token=token))["accounts"]
assert accounts, "the bank has no accounts"
print("plaid-python %s signed in and read %d accounts" % (plaid.__version__, len(accounts)))
