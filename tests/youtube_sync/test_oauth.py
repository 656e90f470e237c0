"""Consent, refresh and revocation against the sandbox over HTTP."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.youtube_sync.conftest import find_free_port
from youtube_sync import oauth
from youtube_sync.exceptions import ReconnectRequiredError, RetryableAPIError
from ytmanager.exceptions import ConfigurationError

pytestmark = pytest.mark.integration
CALLBACK = "http://testserver/accounts/callback/"


@pytest.fixture
def allow(http):
    """Open the consent page and press a button; returns the callback's query."""

    def press(consent, decision="allow", granted=oauth.SCOPES):
        query = parse_qs(urlsplit(consent.url).query)
        assert http.get(consent.url).status_code == 200
        form = {name: values[0] for name, values in query.items()}
        form |= {"decision": decision, "granted": list(granted)}
        address = consent.url.split("?")[0]
        reply = http.post(address, data=form, allow_redirects=False)
        return {
            name: values[0]
            for name, values in parse_qs(
                urlsplit(reply.headers["Location"]).query
            ).items()
        }

    return press


def test_consent_leads_to_tokens(config, allow):
    consent = oauth.start_consent(config, CALLBACK)

    answer = allow(consent)
    tokens = oauth.finish_consent(
        config, CALLBACK, answer["code"], consent.code_verifier
    )

    assert answer["state"] == consent.state
    assert tokens.access_token
    assert tokens.refresh_token
    assert tokens.scopes == set(oauth.SCOPES)
    assert 3500 < (tokens.expires_at - datetime.now(UTC)).total_seconds() < 3600


def test_consent_asks_for_offline_access_with_pkce(config):
    query = parse_qs(urlsplit(oauth.start_consent(config, CALLBACK).url).query)

    assert query["access_type"] == ["offline"]
    assert query["prompt"] == ["consent"]
    assert query["code_challenge_method"] == ["S256"]


def test_consent_that_is_denied_has_no_code(config, allow):
    answer = allow(oauth.start_consent(config, CALLBACK), decision="deny")

    assert answer["error"] == "access_denied"
    assert "code" not in answer


def test_consent_can_be_granted_in_part(config, allow, monkeypatch):
    monkeypatch.delenv("OAUTHLIB_RELAX_TOKEN_SCOPE", raising=False)
    readonly = "https://www.googleapis.com/auth/youtube.readonly"
    wider = replace(config, scopes=(*oauth.SCOPES, readonly))
    consent = oauth.start_consent(wider, CALLBACK)

    answer = allow(consent, granted=[readonly])
    tokens = oauth.finish_consent(
        wider, CALLBACK, answer["code"], consent.code_verifier
    )

    assert tokens.scopes == {readonly}
    assert tokens.lacks(wider) == set(oauth.SCOPES)


def test_a_code_works_once(config, allow):
    consent = oauth.start_consent(config, CALLBACK)
    code = allow(consent)["code"]
    oauth.finish_consent(config, CALLBACK, code, consent.code_verifier)

    with pytest.raises(ReconnectRequiredError):
        oauth.finish_consent(config, CALLBACK, code, consent.code_verifier)


@pytest.mark.parametrize("verifier", ["x" * 64, ""])
def test_a_code_needs_its_verifier(config, allow, verifier):
    code = allow(oauth.start_consent(config, CALLBACK))["code"]

    with pytest.raises(ReconnectRequiredError):
        oauth.finish_consent(config, CALLBACK, code, verifier)


def test_a_code_is_bound_to_its_redirect_address(config, allow):
    consent = oauth.start_consent(config, CALLBACK)
    code = allow(consent)["code"]

    with pytest.raises(ConfigurationError):
        oauth.finish_consent(config, CALLBACK + "x", code, consent.code_verifier)


def test_a_wrong_client_secret_is_a_configuration_error(config, allow):
    consent = oauth.start_consent(config, CALLBACK)
    code = allow(consent)["code"]
    wrong = replace(config, client_secret="wrong")

    with pytest.raises(ConfigurationError):
        oauth.finish_consent(wrong, CALLBACK, code, consent.code_verifier)


@pytest.mark.parametrize("fault", ["status_503", "html_502", "drop_before_commit"])
def test_an_outage_while_exchanging_can_be_repeated(config, allow, sandbox, fault):
    consent = oauth.start_consent(config, CALLBACK)
    code = allow(consent)["code"]
    sandbox.add_fault(fault, "oauth.token")

    with pytest.raises(RetryableAPIError):
        oauth.finish_consent(config, CALLBACK, code, consent.code_verifier)
    tokens = oauth.finish_consent(config, CALLBACK, code, consent.code_verifier)

    assert tokens.refresh_token


def test_refresh_keeps_the_refresh_token(config, sandbox):
    old = sandbox.tokens(oauth.SCOPES)

    tokens = oauth.refresh(config, old["refresh_token"])

    assert tokens.refresh_token == old["refresh_token"]
    assert tokens.access_token != old["access_token"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("invalid_grant", ReconnectRequiredError),
        ("invalid_client", ConfigurationError),
        ("status_503", RetryableAPIError),
        ("html_502", RetryableAPIError),
        ("drop_after_commit", RetryableAPIError),
    ],
)
def test_refresh_says_what_to_do(config, sandbox, fault, expected):
    token = sandbox.tokens()["refresh_token"]
    sandbox.add_fault(fault, "oauth.token")

    with pytest.raises(expected):
        oauth.refresh(config, token)


def test_refresh_of_an_unknown_token_needs_a_person(config):
    with pytest.raises(ReconnectRequiredError):
        oauth.refresh(config, "1//unknown")


def test_revoke_ends_the_permission(config, sandbox):
    token = sandbox.tokens()["refresh_token"]

    oauth.revoke(config, token)

    with pytest.raises(ReconnectRequiredError):
        oauth.refresh(config, token)


def test_revoke_of_a_dead_token_is_a_success(config, sandbox):
    token = sandbox.tokens()["refresh_token"]
    oauth.revoke(config, token)

    oauth.revoke(config, token)

    revocations = [r for r in sandbox.requests if r["operation"] == "oauth.revoke"]
    assert [r["status"] for r in revocations] == [200, 400]


def test_a_closed_port_can_be_tried_again(config):
    address = f"http://127.0.0.1:{find_free_port()}/token"

    with pytest.raises(RetryableAPIError):
        oauth.refresh(replace(config, token_uri=address), "1//x")


def test_config_needs_an_oauth_client(settings):
    settings.GOOGLE_CLIENT_ID = ""

    with pytest.raises(ConfigurationError):
        oauth.get_oauth_config()


def test_no_repr_shows_a_secret(config, sandbox):
    consent = oauth.start_consent(config, CALLBACK)
    tokens = oauth.refresh(config, sandbox.tokens()["refresh_token"])

    shown = repr((config, consent, tokens))

    secrets = (config.client_secret, consent.state, consent.code_verifier)
    secrets += (tokens.access_token, tokens.refresh_token)
    assert not [secret for secret in secrets if secret in shown]


def test_no_log_shows_a_secret(config, allow, caplog):
    caplog.set_level("DEBUG")
    consent = oauth.start_consent(config, CALLBACK)

    code = allow(consent)["code"]
    tokens = oauth.finish_consent(config, CALLBACK, code, consent.code_verifier)

    secrets = (config.client_secret, tokens.access_token, tokens.refresh_token)
    assert not [secret for secret in secrets if secret in caplog.text]
