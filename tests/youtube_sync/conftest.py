"""A sandbox with one video and one asset, and clients that talk to it."""

import logging
import re
import socket
import traceback

import pytest
import requests
from django.test.client import ClientHandler

from youtube_sync import client as clients
from youtube_sync import oauth

VIDEO_ID = "abcdefghijk"
ASSET_ID = "A123456789012345"


# What Google's tokens and those of the factories look like, and encrypted ones.
TOKENS = re.compile(r"ya29\.[\w-]{8}|1//[\w-]{8}|sandbox-secret|gAAAAA[\w-]{20}")


class Listener(logging.Handler):
    """Keeps every log line that holds a token, whatever the level."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.leaks = []

    def emit(self, record):
        text = f"{record.getMessage()} {record.__dict__}"
        if record.exc_info:
            text += "".join(traceback.format_exception(*record.exc_info))
        if TOKENS.search(text):
            self.leaks.append(text)


@pytest.fixture(autouse=True)
def no_token_leaks(monkeypatch, request):
    """No test of this folder logs a token or shows one on a page or in a reply."""
    listener, answer = Listener(), ClientHandler.__call__

    def looked_at(self, environ):
        response = answer(self, environ)
        text = "" if response.streaming else response.content.decode("utf-8", "replace")
        if TOKENS.search(text):
            listener.leaks.append(environ["PATH_INFO"])
        return response

    monkeypatch.setattr(ClientHandler, "__call__", looked_at)
    logging.getLogger().addHandler(listener)
    yield listener
    logging.getLogger().removeHandler(listener)
    assert listener.leaks == []


@pytest.fixture
def config(sandbox):
    return oauth.get_oauth_config()


@pytest.fixture
def make_credentials(sandbox, config):
    """Credentials as after a consent; `lifetime` in seconds."""

    def make(*scopes, **changes):
        reply = sandbox.tokens(scopes or oauth.SCOPES) | changes
        return oauth.credentials_for(config, oauth._tokens_of(reply))

    return make


@pytest.fixture
def youtube(sandbox, make_credentials):
    """A Data API client that acts for the sandbox's content owner."""
    owner = sandbox.content_owner
    sandbox.add_content_owner(owner)
    with clients.build_youtube_client(make_credentials(), sandbox.url, owner) as client:
        yield client


@pytest.fixture
def content_id(sandbox, make_credentials):
    owner = sandbox.content_owner
    sandbox.add_content_owner(owner)
    credentials = make_credentials()
    with clients.build_content_id_client(credentials, sandbox.url, owner) as client:
        yield client


@pytest.fixture
def http():
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def bearer(sandbox):
    """Headers of a caller with the partner scope."""
    token = sandbox.tokens()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def find_free_port():
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
