"""What may be called, and what becomes of an answer, over real HTTP."""

import socket
import threading
import time
from datetime import timedelta

import pytest

from webhooks import client as module
from webhooks.client import INSIDE, WebhookClient
from webhooks.exceptions import TargetRefusedError

pytestmark = pytest.mark.integration

INSIDE_ADDRESSES = [
    "127.0.0.1",
    "127.8.8.8",
    "2130706433",  # 127.0.0.1 as one number
    "0x7f000001",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # the metadata service of clouds
    "100.64.0.1",
    "224.0.0.1",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "localhost",
]


@pytest.fixture
def strict():
    client = WebhookClient(allows_private=False)
    yield client
    client.close()


@pytest.fixture
def lenient():
    client = WebhookClient(allows_private=True)
    yield client
    client.close()


def post(client, url):
    return client.send(url, body=b"{}", headers={})


def resolve_to(monkeypatch, *addresses):
    """A name server of ours: each look-up gives the next address."""
    left = list(addresses)
    real = socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        if host != "hooks.example":
            return real(host, port, *args, **kwargs)
        address = left.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("host", INSIDE_ADDRESSES)
def test_inside_address_is_refused_when_it_is_entered(strict, host):
    with pytest.raises(TargetRefusedError, match="private or loopback"):
        strict.check_target(f"https://{host}/hook")


@pytest.mark.parametrize("host", INSIDE_ADDRESSES)
def test_inside_address_is_refused_when_it_is_called(strict, host):
    answer = post(strict, f"https://{host}:9/hook")

    assert (answer.status, answer.error) == (None, INSIDE)


def test_name_that_leads_inside_is_refused(strict, monkeypatch):
    resolve_to(monkeypatch, "10.0.0.7", "10.0.0.7")

    with pytest.raises(TargetRefusedError, match="private or loopback"):
        strict.check_target("https://hooks.example/")
    assert post(strict, "https://hooks.example/").error == INSIDE


def test_name_is_resolved_once_and_its_judged_address_is_called(strict, monkeypatch):
    connected = []

    def connect(address, *args, **kwargs):
        connected.append(address[0])
        raise ConnectionRefusedError

    resolve_to(monkeypatch, "93.184.215.14", "127.0.0.1")
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)

    answer = post(strict, "https://hooks.example/")

    assert connected == ["93.184.215.14"]
    assert answer.error == "The endpoint cannot be reached."


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/", "https://"),
        ("https://name:secret@hooks.example/", "name or password"),
        ("https://nowhere.invalid/", "cannot be resolved"),
    ],
)
def test_address_of_another_kind_is_refused(strict, monkeypatch, url, why):
    resolve_to(monkeypatch, "93.184.215.14")

    with pytest.raises(TargetRefusedError, match=why):
        strict.check_target(url)


def test_address_without_tls_is_not_called(strict, receiver):
    answer = post(strict, receiver.url)

    assert "https://" in answer.error
    assert receiver.calls == []


def test_redirect_is_a_failure_and_not_followed(lenient, receiver):
    receiver.will_answer(302, {"location": receiver.url.replace("hook", "inside")})

    answer = post(lenient, receiver.url)

    assert answer.status == 302
    assert not answer.is_success
    assert "redirects are not followed" in answer.error
    assert len(receiver.calls) == 1


def test_answer_is_kept_in_part(lenient, receiver):
    receiver.will_answer(500, {"retry-after": "120"}, b"x\x00" * 5000)

    answer = post(lenient, receiver.url)

    assert answer.error == "Answered with status 500."
    assert len(answer.excerpt) == 1024
    assert answer.retry_after == timedelta(minutes=2)


def test_closed_port_is_no_error_of_ours(lenient):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    answer = post(lenient, f"http://127.0.0.1:{port}/")

    assert (answer.status, answer.error) == (None, "The endpoint cannot be reached.")


@pytest.fixture
def raw_server():
    """A server that answers each connection with what a test gives it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        said = []

        def serve():
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                for piece, pause in said:
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return
                    time.sleep(pause)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", said
        thread.join(5)


def test_silent_endpoint_is_left_after_a_while(lenient, raw_server, monkeypatch):
    lenient._session._config.default_timeout = (0.2, 0.2)
    url, said = raw_server
    said.append((b"", 1))

    assert post(lenient, url).error == "No answer in time."


def test_endless_answer_is_cut_off(lenient, raw_server, monkeypatch):
    monkeypatch.setattr(module, "REPLY_SECONDS", 0.3)
    url, said = raw_server
    said.append((b"HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n", 0))
    said.extend([(b".", 0.05)] * 40)
    started = time.monotonic()

    answer = post(lenient, url)

    assert answer.is_success
    assert time.monotonic() - started < 1.5


def test_answer_that_is_no_http_is_a_failure(lenient, raw_server):
    url, said = raw_server
    said.append((b"hello\r\n\r\n", 0))

    answer = post(lenient, url)

    assert answer.status is None
    assert answer.error == "The endpoint cannot be reached."
