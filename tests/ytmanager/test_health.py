"""The health views tell everybody little and the monitor more."""

import json

import psycopg
import pytest
from django.db import connection
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisConnectionError

from ytmanager import health, system_status
from ytmanager.health import healthz, readyz

TOKEN = "t" * 32
request = RequestFactory().get("/")
monitor = RequestFactory().get("/", headers={"Authorization": f"Bearer {TOKEN}"})


@pytest.fixture(autouse=True)
def stores(report_store, settings):
    settings.MONITOR_TOKEN = TOKEN
    system_status.forget_stores()
    yield
    system_status.forget_stores()


@pytest.mark.unit
def test_process_that_answers_is_healthy():
    reply = healthz(request)

    assert reply.status_code == 200
    assert "no-store" in reply["Cache-Control"]


@pytest.mark.django_db
def test_process_with_its_services_is_ready():
    reply = readyz(request)

    assert reply.status_code == 200
    assert json.loads(reply.content)["status"] == "ok"


@pytest.mark.django_db
def test_process_without_a_database_is_not_ready(monkeypatch):
    def refuse(**parameters):
        raise psycopg.OperationalError("password=s3cret")

    monkeypatch.setattr(health.psycopg, "connect", refuse)

    reply = readyz(monitor)

    assert reply.status_code == 503
    assert json.loads(reply.content)["database"] == "failing"
    assert b"s3cret" not in reply.content


@pytest.mark.django_db
def test_process_without_a_channel_layer_is_degraded(monkeypatch):
    def refuse(client):
        raise RedisConnectionError

    monkeypatch.setattr(health.Redis, "ping", refuse)

    reply = readyz(request)

    assert reply.status_code == 200
    assert json.loads(reply.content)["status"] == "degraded"


@pytest.mark.unit
@pytest.mark.parametrize("view", [healthz, readyz])
def test_probe_only_reads(view):
    assert view(RequestFactory().post("/")).status_code == 405


def defer_old_job(queue):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
            " VALUES (%s, 'tests.nothing', '{}', now() - interval '1 hour')",
            [queue],
        )


@pytest.mark.django_db
def test_old_job_makes_the_process_degraded():
    defer_old_job("youtube")

    reply = readyz(monitor)

    assert reply.status_code == 200
    body = json.loads(reply.content)
    assert body["status"] == "degraded"
    assert body["queue"] == "failing"
    oldest = {queue["name"]: queue["oldest_seconds"] for queue in body["queues"]}
    assert oldest["youtube"] == pytest.approx(3600, abs=60)
    assert oldest["imports"] == 0


@pytest.mark.django_db
def test_missing_store_makes_the_process_degraded(report_store):
    report_store.rmdir()

    body = json.loads(readyz(monitor).content)

    assert body["status"] == "degraded"
    assert body["storage"] == "failing"
    assert "does not exist" in body["stores"][0]["problem"]


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["", "Bearer wrong", f"Token {TOKEN}", "Bearer "])
def test_stranger_reads_one_word_only(header):
    stranger = RequestFactory().get("/", headers={"Authorization": header})

    assert json.loads(readyz(stranger).content) == {"status": "ok"}


@pytest.mark.django_db
def test_empty_token_admits_nobody(settings):
    settings.MONITOR_TOKEN = ""

    reply = readyz(RequestFactory().get("/", headers={"Authorization": "Bearer "}))

    assert json.loads(reply.content) == {"status": "ok"}
