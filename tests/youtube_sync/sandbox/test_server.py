"""The sandbox as a process: loopback only, state that outlives a kill."""

import json
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from tests.youtube_sync.conftest import find_free_port
from tests.youtube_sync.sandbox.conftest import VIDEO_ID
from youtube_sync.sandbox import SandboxServer
from youtube_sync.sandbox.__main__ import main

pytestmark = pytest.mark.integration
SEED = {"videos": [{"id": VIDEO_ID, "title": "Song A"}]}


@contextmanager
def running(*options):
    """A sandbox in a process of its own; yields the process and its address."""
    command = [sys.executable, "-m", "youtube_sync.sandbox", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


def test_process_says_when_it_is_ready(http, tmp_path):
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(SEED))

    with running("--seed", str(seed)) as (_, address):
        state = http.get(address + "/sandbox/state").json()

    assert list(state["videos"]) == [VIDEO_ID]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_stops_cleanly(http, number):
    with running() as (process, address):
        http.get(address + "/sandbox/health")
        process.send_signal(number)

        assert process.wait(timeout=10) == 0


def test_acknowledged_changes_survive_a_kill(http, tmp_path):
    state = str(tmp_path / "state.sqlite3")
    with running("--state", state) as (process, address):
        http.post(address + "/sandbox/seed", json=SEED)
        http.post(address + f"/sandbox/videos/{VIDEO_ID}", json={"title": "Edited"})
        process.kill()
        process.wait()

    with running("--state", state) as (_, address):
        videos = http.get(address + "/sandbox/state").json()["videos"]

    assert videos[VIDEO_ID]["snippet"]["title"] == "Edited"


def test_tokens_and_quota_survive_a_restart(tmp_path):
    path = tmp_path / "state.sqlite3"
    with SandboxServer(state=path) as first:
        token = first.tokens()["access_token"]
        first.change_settings(daily_units=7)

    with SandboxServer(state=path) as second:
        assert second.sandbox.oauth.scopes_of(token)
        assert second.sandbox.settings["daily_units"] == 7


def test_taken_port_is_one_clear_line(capsys):
    with SandboxServer() as server:
        code = main(["--port", server.url.rsplit(":", 1)[1]])

    assert code == 1
    assert "cannot listen" in capsys.readouterr().err


def test_server_listens_on_loopback_only(sandbox):
    host, _ = sandbox._server.server_address

    assert host == "127.0.0.1"


@pytest.mark.security
def test_foreign_host_names_are_refused(sandbox, http):
    reply = http.get(
        sandbox.url + "/sandbox/state", headers={"Host": "evil.example:8000"}
    )

    assert reply.status_code == 400


@pytest.mark.security
def test_foreign_pages_cannot_post_to_the_controls(sandbox, http):
    sandbox.add_video(VIDEO_ID, title="Old")
    address = f"{sandbox.url}/sandbox/videos/{VIDEO_ID}"

    reply = http.post(address, data='{"title": "x"}')

    assert reply.status_code == 400
    assert sandbox.video(VIDEO_ID)["snippet"]["title"] == "Old"


@pytest.mark.parametrize("path", ["/", "/youtube/v3/nonsense", "/thumbs/a/b.svg"])
def test_unknown_addresses_are_not_found(sandbox, http, path):
    assert http.get(sandbox.url + path).status_code == 404


def test_two_updates_at_once_both_count(sandbox, update):
    sandbox.add_video(VIDEO_ID)
    body = {"snippet": {"title": "New", "categoryId": "10"}}
    work = [threading.Thread(target=update, kwargs=body) for _ in range(8)]

    for thread in work:
        thread.start()
    for thread in work:
        thread.join()

    assert sandbox.units_spent == 8 * 50


def test_server_stops_while_clients_are_connected():
    server = SandboxServer()
    server.start()
    port = int(server.url.rsplit(":", 1)[1])

    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(15) == b"HTTP/1.1 200 OK"
        server.stop()
        while client.recv(4096):
            pass

    assert find_free_port()
