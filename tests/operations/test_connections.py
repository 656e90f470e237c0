"""Many clients, few connections, and a database that restarts under them."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

CLIENTS = 50
LARGEST = 4
ASKS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"


def start_web(office, patience):
    url = f"{office.variables['DATABASE_URL']}?application_name=tried"
    pool = {"DB_POOL_MAX": str(LARGEST), "DB_POOL_TIMEOUT": str(patience)}
    return office.web(DATABASE_URL=url, **pool)


@pytest.fixture
def web(office):
    return start_web(office, patience=20)


@pytest.fixture
def impatient_web(office):
    return start_web(office, patience=1)


@pytest.fixture
def token(office):
    return office.token()


def ask_together(web, token, path="/api/videos/"):
    with ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(lambda _: web.get(path, token), range(CLIENTS)))


def test_fifty_clients_share_the_pool(office, web, token):
    replies = ask_together(web, token)

    assert {reply.status_code for reply in replies} == {200}
    assert office.rows(ASKS, "tried")[0][0] <= LARGEST


def test_client_without_a_connection_is_asked_to_come_back(
    office, impatient_web, token
):
    with psycopg.connect(office.variables["DATABASE_URL"]) as holder:
        holder.execute("LOCK TABLE catalog_video")
        with ThreadPoolExecutor(1) as background:
            waiting = background.submit(ask_together, impatient_web, token)
            time.sleep(4)
            holder.rollback()
            replies = waiting.result()

    refused = [reply for reply in replies if reply.status_code != 200]
    assert len(refused) >= CLIENTS - 2 * LARGEST
    for reply in refused:
        assert reply.status_code == 503
        assert reply.headers["Retry-After"] == "5"
        assert reply.json()["error_type"] == "database_unavailable"
    assert impatient_web.get("/api/videos/", token).status_code == 200


def test_page_without_a_connection_is_an_honest_one(office, impatient_web):
    cookies = {"sessionid": "a" * 32}
    with psycopg.connect(office.variables["DATABASE_URL"]) as holder:
        holder.execute("LOCK TABLE django_session")
        with ThreadPoolExecutor(CLIENTS) as clients:
            waiting = [
                clients.submit(impatient_web.get, "/admin/", cookies=cookies)
                for _ in range(CLIENTS)
            ]
            time.sleep(4)
            holder.rollback()
            replies = [each.result() for each in waiting]

    refused = [reply for reply in replies if reply.status_code not in {200, 302}]
    assert refused
    for reply in refused:
        assert reply.status_code == 503
        assert reply.headers["Retry-After"] == "5"
        assert "Back soon" in reply.text


def test_restart_of_the_database_is_survived(office, impatient_web, token):
    web = impatient_web
    assert web.get("/api/videos/", token).status_code == 200

    office.postgres.stop()
    while_away = ask_together(web, token)
    office.postgres.start()

    assert {reply.status_code for reply in while_away} == {503}
    web.wait_until(
        lambda: web.get("/api/videos/", token).status_code == 200, "recovered"
    )
    assert office.rows(ASKS, "tried")[0][0] <= LARGEST
    assert "Traceback" not in web.lines()


def test_restart_between_two_requests_is_not_noticed(office, web, token):
    ask_together(web, token)

    office.postgres.stop()
    office.postgres.start()
    replies = ask_together(web, token)

    assert {reply.status_code for reply in replies} == {200}
