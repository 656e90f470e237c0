"""While the system is closed, everybody is told so and nothing is done."""

import pytest
from django.core.management import call_command

from ytmanager import maintenance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switch(settings, tmp_path):
    settings.MAINTENANCE_FILE = str(tmp_path / "run" / "maintenance")


def test_page_says_what_was_written_and_when_to_come_back(client):
    call_command("maintenance", "on", "Back at <b>12:00</b>.")

    reply = client.get("/admin/")

    assert reply.status_code == 503
    assert reply["Retry-After"] == "120"
    assert "Back at &lt;b&gt;12:00&lt;/b&gt;." in reply.text


def test_api_answers_with_the_standard_body(client):
    maintenance.start()

    reply = client.post("/api/videos/", {"title": "x"}, "application/json")

    assert reply.status_code == 503
    body = reply.json()
    assert body["error_type"] == "maintenance"
    assert body["message"] == "The system is being maintained. Please try again soon."
    assert body["method"] == "POST"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_answered_all_the_same(client, path):
    maintenance.start()

    assert client.get(path).status_code == 200


def test_system_opens_again(client, capsys):
    maintenance.start()

    call_command("maintenance", "off")
    call_command("maintenance", "status")

    assert client.get("/admin/login/").status_code == 200
    assert capsys.readouterr().out.splitlines() == ["The system is open."] * 2


async def test_new_sockets_are_sent_away():
    maintenance.start()
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    await maintenance.close_sockets(None)({}, receive, send)

    assert sent == [{"type": "websocket.close", "code": 1013}]
