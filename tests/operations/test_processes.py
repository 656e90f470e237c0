"""Several processes side by side, and how each of them stops."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import requests
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from ytmanager.jobs import PATIENCE_SECONDS

STOP_SECONDS = 5
# Uvicorn ends by the signal that it was sent, once everything is closed.
STOPPED = {0, -signal.SIGTERM}


@pytest.fixture
def token(office):
    return office.token()


def sign_in(office, web):
    """The cookies of the administrator at one web process."""
    session = requests.Session()
    address = f"{web.url}/admin/login/"
    session.get(address)
    password = (office.folder / "password").read_text().strip()
    values = {"username": "admin", "password": password}
    values["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
    session.post(address, values, headers={"Referer": address})
    assert "sessionid" in session.cookies
    return "; ".join(f"{name}={value}" for name, value in session.cookies.items())


def listen(web, cookies):
    headers = {"Cookie": cookies, "Origin": web.url}
    return connect(
        web.url.replace("http", "ws") + "/ws/events/", additional_headers=headers
    )


def test_two_web_processes_serve_one_session(office):
    first, second = office.web(), office.web()

    cookies = sign_in(office, first)

    for web in (first, second):
        reply = web.get("/admin/", headers={"Cookie": cookies})
        assert reply.status_code == 200
    text = second.get("/admin/system/", headers={"Cookie": cookies}).text
    assert text.count(f":{first.process.pid}") == 1
    assert text.count(f":{second.process.pid}") == 1


def test_web_ends_the_request_that_is_open(office, token):
    web = office.web()
    with (
        psycopg.connect(office.variables["DATABASE_URL"]) as holder,
        ThreadPoolExecutor(2) as background,
    ):
        holder.execute("LOCK TABLE catalog_video")
        reply = background.submit(web.get, "/api/videos/", token)
        time.sleep(2)
        ended = background.submit(web.terminate)
        time.sleep(1)
        holder.rollback()

        assert reply.result().status_code == 200
        assert ended.result() in STOPPED


def test_web_sends_its_sockets_to_another_process(office):
    first, second = office.web(), office.web()
    cookies = sign_in(office, first)
    with listen(first, cookies) as socket:
        socket.recv(timeout=10)

        code = first.terminate()
        with pytest.raises(ConnectionClosedError, match="1012"):  # it connects again
            list(socket)

    assert code in STOPPED
    with listen(second, cookies) as socket:
        assert socket.recv(timeout=10)


def test_idle_worker_stops_at_once(office):
    worker = office.worker("quick")
    worker.wait_until(lambda: workers(office, "quick") == 1, "worker is seen", 60)

    started = time.monotonic()
    code = worker.terminate()

    assert code in STOPPED
    assert time.monotonic() - started < 10
    assert workers(office, "quick") == 0


def workers(office, queue):
    return office.rows(
        "SELECT count(DISTINCT application_name) FROM pg_stat_activity"
        " WHERE application_name LIKE %s",
        f"ytm-worker {queue} @%",
    )[0][0]


def state_of_backup(office):
    rows = office.rows("SELECT state FROM ytmanager_backup ORDER BY id DESC LIMIT 1")
    return rows[0][0] if rows else ""


def test_job_of_a_stopped_worker_is_done_by_another(office):
    first = office.worker("imports")
    with psycopg.connect(office.variables["DATABASE_URL"]) as holder:
        holder.execute("LOCK TABLE catalog_video IN ACCESS EXCLUSIVE MODE")
        defer = "from ytmanager import tasks; tasks.make_backup.defer(cause='by_hand')"
        office.manage("shell", "--no-imports", "-c", defer)
        first.wait_until(lambda: state_of_backup(office) == "running", "started", 60)

        first.process.terminate()
        time.sleep(STOP_SECONDS)
        first.kill()  # as a service manager does to what waits for something
        holder.rollback()
    time.sleep(PATIENCE_SECONDS)
    second = office.worker("imports")

    second.wait_until(lambda: state_of_backup(office) == "stored", "stored", 90)
