"""What the consent page and the token endpoint refuse."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from youtube_sync.sandbox.oauth import Client, OAuth

pytestmark = pytest.mark.integration
SCOPE = "https://www.googleapis.com/auth/youtubepartner"
CALLBACK = "http://127.0.0.1:8000/callback/?from=sandbox"


@pytest.fixture
def parameters(sandbox):
    return {
        "client_id": sandbox.client_id, "redirect_uri": CALLBACK, "scope": SCOPE,
        "response_type": "code", "access_type": "offline", "state": "s1",
    }  # fmt: skip


@pytest.fixture
def show(sandbox, http, parameters):
    def get(**changes):
        address = sandbox.url + "/o/oauth2/v2/auth"
        return http.get(address, params=parameters | changes)

    return get


@pytest.fixture
def decide(sandbox, http, parameters):
    """Press a button of the consent page; returns the query of the callback."""

    def post(decision="allow", granted=SCOPE, **changes):
        form = parameters | {"decision": decision, "granted": granted} | changes
        address = sandbox.url + "/o/oauth2/v2/auth"
        reply = http.post(address, data=form, allow_redirects=False)
        query = parse_qs(urlsplit(reply.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    return post


@pytest.fixture
def exchange(sandbox, http):
    def post(code, auth=None, **changes):
        form = {
            "client_id": sandbox.client_id, "client_secret": sandbox.client_secret,
            "grant_type": "authorization_code", "code": code,
            "redirect_uri": CALLBACK,
        } | changes  # fmt: skip
        return http.post(sandbox.url + "/token", data=form, auth=auth)

    return post


def test_consent_page_says_that_it_is_a_sandbox(show):
    page = show()

    assert "this is not Google" in page.text
    assert "Allow</button>" in page.text
    assert "Deny</button>" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_consent_page_runs_no_script_from_parameters(show):
    page = show(state="<script>alert(1)</script>", scope="<b>x</b>")

    assert "<script>" not in page.text
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_id": "other"}, "invalid_client"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "nonsense"}, "redirect_uri_mismatch"),
        ({"response_type": "token"}, "invalid_request"),
        ({"scope": ""}, "invalid_request"),
        ({"code_challenge_method": "MD5"}, "invalid_request"),
    ],
)
def test_consent_page_refuses_wrong_parameters(show, sandbox, http, changes, expected):
    page = show(**changes)

    assert page.status_code == 400
    assert expected in page.text


def test_decision_with_wrong_parameters_goes_nowhere(sandbox, http, parameters):
    form = parameters | {"redirect_uri": "https://evil.example/", "decision": "allow"}

    address = sandbox.url + "/o/oauth2/v2/auth"
    reply = http.post(address, data=form, allow_redirects=False)

    assert reply.status_code == 400


def test_decision_keeps_the_query_of_the_callback(decide):
    answer = decide()

    assert (answer["from"], answer["state"]) == ("sandbox", "s1")
    assert answer["scope"] == SCOPE


@pytest.mark.parametrize(
    "choice", [{"decision": "deny"}, {"granted": ""}, {"granted": "other"}]
)
def test_decision_against_any_scope_is_a_denial(decide, choice):
    answer = decide(**choice)

    assert answer == {"error": "access_denied", "state": "s1", "from": "sandbox"}


def test_refresh_token_comes_with_the_first_consent_only(decide, exchange):
    first = exchange(decide()["code"]).json()
    second = exchange(decide()["code"]).json()
    forced = exchange(decide(prompt="select_account consent")["code"]).json()

    assert "refresh_token" in first
    assert "refresh_token" not in second
    assert "refresh_token" in forced


def test_refresh_token_needs_offline_access(decide, exchange):
    reply = exchange(decide(access_type="")["code"]).json()

    assert "refresh_token" not in reply
    assert reply["expires_in"] == 3599


def test_a_code_grows_old(decide, exchange, clock):
    code = decide()["code"]
    clock.move(minutes=11)

    reply = exchange(code)

    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_grant")


def test_a_code_without_its_verifier_is_lost(decide, exchange):
    code = decide(code_challenge="c" * 43, code_challenge_method="S256")["code"]

    reply = exchange(code)

    assert reply.json()["error_description"] == "Missing code verifier."


@pytest.mark.parametrize(
    ("changes", "status", "expected"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"redirect_uri": "http://127.0.0.1/"}, 400, "redirect_uri_mismatch"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": "4/unknown"}, 400, "invalid_grant"),
    ],
)
def test_token_endpoint_refuses(decide, exchange, changes, status, expected):
    code = decide()["code"]

    reply = exchange(**({"code": code} | changes))

    assert (reply.status_code, reply.json()["error"]) == (status, expected)


def test_client_may_authenticate_by_header(decide, exchange, sandbox):
    pair = (sandbox.client_id, sandbox.client_secret)

    reply = exchange(decide()["code"], auth=pair, client_secret="")

    assert reply.status_code == 200


def test_client_may_be_given_any_secret():
    client = Client(client_secret="")

    assert client.accepts("anything")
    assert not client.accepts("")


def test_client_may_register_its_addresses():
    client = Client(redirect_uris=("https://office.example/callback",))

    assert client.may_redirect_to("https://office.example/callback")
    assert not client.may_redirect_to("https://office.example/callback/")


def test_revoking_an_access_token_ends_its_grant(sandbox, http):
    tokens = sandbox.tokens()

    form = {"token": tokens["access_token"]}
    replies = [http.post(sandbox.url + "/revoke", data=form) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [200, 400]
    assert replies[1].json()["error"] == "invalid_token"
    assert isinstance(sandbox.sandbox.oauth, OAuth)
    assert sandbox.sandbox.oauth.scopes_of(tokens["access_token"]) is None


def test_basic_header_that_is_no_base64_is_refused(sandbox, http):
    headers = {"Authorization": "Basic " + base64.b64encode(b"\xff").decode()}

    reply = http.post(sandbox.url + "/token", headers=headers)

    assert reply.status_code == 401


def test_refresh_token_of_a_consent_screen_in_testing_ends_after_a_week(
    sandbox, http, clock
):
    sandbox.change_settings(refresh_token_days=7)
    form = {
        "client_id": sandbox.client_id, "client_secret": sandbox.client_secret,
        "grant_type": "refresh_token",
        "refresh_token": sandbox.tokens()["refresh_token"],
    }  # fmt: skip
    clock.move(days=6, hours=23)
    in_time = http.post(sandbox.url + "/token", data=form)

    clock.move(hours=1)
    too_late = http.post(sandbox.url + "/token", data=form)

    assert in_time.status_code == 200
    assert (too_late.status_code, too_late.json()["error"]) == (400, "invalid_grant")
