"""What people prove themselves with, planted for the search for leaks: passwords, tokens, cookies, second factors, keys,
invitations and the secrets of the first start and of a reset, sent where they belong and where they do not."""

import base64
import hashlib
import hmac
import json
import secrets
import struct
import time

# Where a secret has to come out once, because somebody asked for it: by the answer's place in the search.
ALLOWED = {
    "the answer to POST /v1/auth/token": ["an access token", "a refresh token"],
    "the answer to POST /v1/auth/register": ["an access token", "a refresh token"],
    "the answer to POST /v1/auth/browser": ["a cookie", "a token against forgery"],
    "the answer to POST /v1/me/second-factor": ["a second factor"],
    "the answer to POST /v1/me/second-factor/con": ["a recovery code"],
    "the answer to POST /v1/me/recovery-codes": ["a recovery code"],
    "the answer to POST /v1/api-keys": ["an API key"],
    "the answer to POST /v1/invitations": ["an invitation"],
    "the output of magpie user": ["a reset secret"],
}


def code(secret):
    """RFC 6238, as an app does it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def value(answer, name):
    return json.loads(answer[1][answer[1].index(b"{"):])[name]


class People:
    """Everything that was shown to somebody, by kind."""

    def __init__(self):
        self.found = []

    def keep(self, kind, *texts):
        self.found += [(kind, text) for text in texts]
        return texts[0]

    def password(self):
        return self.keep("a password", secrets.token_hex(16))


def walk(server, house):
    """Signs people in and out in every way; gives what to search for."""
    people = People()
    call = server.call

    def body(path, **members):
        return call("POST", path, members)

    house.run("setup-link")
    setup = people.keep("the set-up secret", (house.data / "setup.secret").read_text().strip())
    password = people.password()
    owner = {"name": "Olive", "email": "olive@money.example", "password": password}
    assert body("/v1/setup", secret=setup, **(owner | {"password": setup[:9]}))[0] == 422
    assert body("/v1/setup", secret=setup, **owner)[0] == 204
    assert body("/v1/setup", secret=setup, **owner)[0] == 403

    def sign_in(**more):
        answer = body("/v1/auth/token", grant_type="password", username=owner["email"], password=password, **more)
        assert answer[0] == 200, answer
        people.keep("an access token", value(answer, "access_token"))
        people.keep("a refresh token", value(answer, "refresh_token"))
        return value(answer, "access_token"), value(answer, "refresh_token")

    access, refresh = sign_in()
    for _ in range(3):
        answer = body("/v1/auth/token", grant_type="refresh_token", refresh_token=refresh)
        if answer[0] == 200:
            people.keep("an access token", value(answer, "access_token"))
            refresh = people.keep("a refresh token", value(answer, "refresh_token"))
    access, refresh = sign_in()
    answer = call("POST", "/v1/auth/browser", {"email": owner["email"], "password": password},
                  headers={"Origin": f"http://127.0.0.1:{server.port}", "Authorization": None})
    assert answer[0] == 200, answer
    csrf = people.keep("a token against forgery", value(answer, "csrf"))
    cookie = answer[1].split(b"__Host-magpie=")[1].split(b";")[0].decode()
    people.keep("a cookie", cookie)
    with_cookie = {"Authorization": None, "Cookie": f"__Host-magpie={cookie}"}
    assert call("GET", "/v1/me", headers=with_cookie)[0] == 200
    assert call("POST", "/v1/sync", {}, headers=with_cookie)[0] == 403
    call("POST", f"/v1/sync?csrf={csrf}", {}, headers=with_cookie)

    answer = call("POST", "/v1/api-keys", {"name": "k", "scopes": ["read"]}, token=access)
    assert answer[0] == 201, answer
    key = people.keep("an API key", value(answer, "key"))
    assert call("GET", "/v1/accounts", token=key)[0] == 200
    answer = body("/v1/auth/token", grant_type="api_key", api_key=key)
    people.keep("an access token", value(answer, "access_token"))
    answer = call("POST", "/v1/invitations", {"role": "viewer"}, token=access, headers={"Idempotency-Key": "one"})
    invitation = people.keep("an invitation", value(answer, "secret"))
    assert call("POST", "/v1/invitations", {"role": "viewer"}, token=access, headers={"Idempotency-Key": "one"})[0] == 201
    guest = people.password()
    answer = body("/v1/auth/register", name="Oscar", email="oscar@money.example", password=guest, invitation=invitation)
    assert answer[0] == 201, answer
    people.keep("an access token", value(answer, "access_token"))
    people.keep("a refresh token", value(answer, "refresh_token"))
    body("/v1/auth/register", name="Again", email="again@money.example", password=guest, invitation=invitation)

    answer = call("POST", "/v1/me/second-factor", token=access)
    secret = people.keep("a second factor", value(answer, "secret"))
    answer = call("POST", "/v1/me/second-factor/confirm", {"totp": code(secret)}, token=access)
    assert answer[0] == 200, answer
    codes = value(answer, "recovery_codes")
    people.keep("a recovery code", *codes)
    assert body("/v1/auth/token", grant_type="password", username=owner["email"], password=password)[0] == 401
    access, refresh = sign_in(totp=codes[0])

    assert call("POST", "/v1/me/password", {"current_password": password, "new_password": people.password()},
                token=access)[0] == 204
    wrong_places(server, people, access)
    for words in ["list", "reset oscar@money.example", "add viewer@money.example --role viewer", "add nobody",
                  "reset nobody@money.example"]:
        out = house.run("user", *words.split())[1]
        people.keep("a reset secret", *[line for line in out.splitlines() if line.startswith("mgp_")] or ["-" * 20])
    reset = [text for kind, text in people.found if kind == "a reset secret" and text.startswith("mgp_")]
    assert len(reset) == 2
    assert body("/v1/auth/password-reset", secret=reset[0], password=people.password())[0] == 204
    assert body("/v1/auth/password-reset", secret=reset[0], password=people.password())[0] == 403
    for path in ["/v1/me", "/v1/sessions", "/v1/api-keys", "/v1/members", "/v1/invitations", "/v1/audit-log"]:
        assert call("GET", path)[0] == 200
        call("GET", path, token=access)
    call("POST", "/v1/auth/logout", token=access)
    return [(kind, text) for kind, text in people.found if text.strip("-")]


def wrong_places(server, people, access):
    """Each secret as an address, a name, a path, a query, a header, a member, and as another kind of secret."""
    for _, text in list(people.found):
        server.call("GET", f"/v1/me?token={text}", token=access)
        server.call("GET", f"/v1/sessions/{text}", token=access)
        server.call("DELETE", f"/v1/api-keys/{text}", token=access)
        server.call("GET", "/v1/me", token=text + "x")
        server.call("GET", "/v1/me", token=access, headers={"Magpie-Household": text})
        server.call("POST", "/v1/auth/token", {"grant_type": text, "username": text, text: text})
        server.call("POST", "/v1/auth/token", {"grant_type": "api_key", "api_key": text + "x"})
        server.call("POST", "/v1/auth/token", {"grant_type": "refresh_token", "refresh_token": text + "x"})
        server.call("POST", "/v1/setup", {"secret": text})
        server.call("POST", "/v1/invitations/accept", {"secret": text + "x"}, token=access)
        server.call("POST", "/v1/auth/confirm", {"password": text + "x"}, token=access)
