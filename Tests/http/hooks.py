"""What schemathesis asks with, and one check of its own."""

import json
import os
import pathlib
import re
import urllib.error
import urllib.request

import schemathesis
from schemathesis import GenerationMode

ORIGIN, TOKEN = os.environ["MAGPIE_ORIGIN"], os.environ["MAGPIE_TOKEN"]
EMAIL, PASSWORDS = "olive@money.example", ["odd jam on a tin roof", "nine geese in a tall hat"]
RULES = json.loads(pathlib.Path(__file__).with_name("exclusions.json").read_text())["rules"]
# Only a person who signed in can do these; each case has a sign-in of its own, which it may end.
OF_PERSONS = ("/v1/auth/confirm", "/v1/auth/logout", "/v1/me/", "/v1/sessions", "/v1/invitations/accept")


def is_known(error):
    return any(rule.get("at") in (None, error["pointer"]) and re.search(rule["says"], error["detail"]) for rule in RULES)


def sign_in():
    for password in PASSWORDS:
        body = {"grant_type": "password", "username": EMAIL, "password": password}
        request = urllib.request.Request(
            ORIGIN + "/v1/auth/token", json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)["access_token"]
        except urllib.error.HTTPError as error:
            refusal = error
    raise refusal


@schemathesis.auth(refresh_interval=None)
class Token:
    def get(self, case, context):
        path = case.operation.path
        if path == "/metrics":
            return os.environ["MAGPIE_METRICS_TOKEN"]
        if path.startswith(OF_PERSONS) and case.operation.method.upper() != "GET":
            return sign_in()
        return TOKEN

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.check
def accepts_what_it_describes(ctx, response, case):
    """A request that follows the description is refused only by a rule that a schema cannot tell."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if response.status_code in (400, 413, 415):
        problem = response.json()
        assert problem["code"] == "household.ambiguous", f"refused: {problem}"
    if response.status_code == 422:
        problem = response.json()
        if problem["code"] == "input.invalid":
            unknown = [error for error in problem["errors"] if not is_known(error)]
            assert not unknown, f"refused, though it follows the description: {unknown}"


@schemathesis.check
def problems_have_a_code(ctx, response, case):
    """Each refusal is a problem whose code is among those that the operation declares for the status."""
    if response.status_code < 400:
        return
    problem = response.json()
    declared = case.operation.definition.raw["responses"].get(str(response.status_code), {})
    examples = declared.get("content", {}).get("application/problem+json", {}).get("examples", {})
    if declared:
        assert problem["code"] in examples, f"{response.status_code} {problem['code']} is not declared"
