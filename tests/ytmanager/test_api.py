"""What the API's views share, seen through the pages that people meet."""

import json
import re

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

from tests.factories.catalog import UserFactory, VideoFactory
from ytmanager.models import ApiToken
from ytmanager.paginator import EstimatingPaginator


@pytest.fixture
def person(client, db):
    """Somebody who may read and edit videos, with a browser."""
    user = UserFactory(permissions=["catalog.view_video", "catalog.change_video"])
    client.force_login(user)
    return client


def test_schema_is_valid_and_complete(tmp_path):
    file = tmp_path / "schema.json"

    call_command(
        "spectacular",
        validate=True,
        fail_on_warn=True,
        format="openapi-json",
        file=str(file),
    )

    schema = json.loads(file.read_text())
    assert schema["openapi"].startswith("3.1")
    operations = [row for path in schema["paths"].values() for row in path.values()]
    assert all(row["summary"] for row in operations)
    refused = [row["responses"]["4XX"]["content"] for row in operations]
    assert "Error" in schema["components"]["schemas"]
    assert len(refused) == len(operations)


def test_schema_describes_the_shape_of_lists(person):
    schema = person.get("/api/schema/?format=json").json()

    page = schema["components"]["schemas"]["PaginatedVideoList"]
    assert set(page["required"]) == {"results", "pagination"}
    per_page = next(
        row
        for row in schema["paths"]["/api/videos/"]["get"]["parameters"]
        if row["name"] == "per_page"
    )
    assert per_page["schema"] == {"type": "integer", "minimum": 1, "maximum": 500}


@pytest.mark.parametrize("path", ["/api/", "/api/schema/", "/api/docs/"])
def test_description_of_the_api_is_for_people_who_signed_in(client, person, path):
    signed_in = person.get(path).status_code
    client.logout()

    assert (signed_in, client.get(path).status_code) == (200, 401)


def test_documentation_loads_nothing_from_outside(person):
    page = person.get("/api/docs/").content.decode()

    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    assert all(source.startswith("/") for source in sources)


def test_documentation_has_no_inline_script(person):
    page = person.get("/api/docs/").content.decode()

    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    assert not "".join(scripts).strip()


def test_browsable_list_offers_its_filters(person):
    VideoFactory(title="Song of the list")

    page = person.get("/api/videos/", headers={"accept": "text/html"})

    assert page.status_code == 200
    assert "Song of the list" in page.content.decode()
    assert 'name="channel_search"' in page.content.decode()


def test_browsable_detail_offers_a_patch_to_editors(person):
    video = VideoFactory(label="Label in the form")

    page = person.get(
        f"/api/videos/{video.video_id}/", headers={"accept": "text/html"}
    ).content.decode()

    assert 'data-method="PATCH"' in page
    form = page[page.index('<textarea name="_content"') :]
    assert "Label in the form" in form


def test_browsable_detail_offers_no_patch_to_viewers(client, db):
    client.force_login(UserFactory(permissions=["catalog.view_video"]))
    video = VideoFactory()

    page = client.get(
        f"/api/videos/{video.video_id}/", headers={"accept": "text/html"}
    ).content.decode()

    assert 'data-method="PATCH"' not in page


def test_browsable_error_is_shown_in_the_one_shape(person):
    page = person.get("/api/videos/?colour=red", headers={"accept": "text/html"})

    assert page.status_code == 400
    assert "This parameter is not known here." in page.content.decode()


@pytest.mark.parametrize("estimate", [3, 100])
def test_wrong_estimate_neither_hides_rows_nor_promises_any(
    person, monkeypatch, estimate
):
    monkeypatch.setattr("ytmanager.paginator.EXACT_UP_TO", 2)
    monkeypatch.setattr(EstimatingPaginator, "estimate", lambda self: estimate)
    for _ in range(5):
        VideoFactory()

    pages = [person.get(f"/api/videos/?per_page=2&page={n}").json() for n in (1, 2, 3)]

    assert [len(page["results"]) for page in pages] == [2, 2, 1]
    assert [page["pagination"]["has_next"] for page in pages] == [True, True, False]
    assert all(page["pagination"]["is_estimated"] for page in pages)
    assert pages[2]["pagination"]["total"] == 5


def test_page_beyond_an_estimated_list_is_not_found(person, monkeypatch):
    monkeypatch.setattr("ytmanager.paginator.EXACT_UP_TO", 0)
    VideoFactory()

    response = person.get("/api/videos/?page=2")

    assert response.status_code == 404


def test_browsable_list_shows_pages_beyond_the_estimate(person, monkeypatch):
    monkeypatch.setattr("ytmanager.paginator.EXACT_UP_TO", 0)
    monkeypatch.setattr(EstimatingPaginator, "estimate", lambda self: 1)
    for _ in range(3):
        VideoFactory()

    page = person.get("/api/videos/?per_page=1&page=3", headers={"accept": "text/html"})

    assert page.status_code == 200


@pytest.fixture
def operations(db):
    """Every method and address of the API, with made-up IDs."""
    schema = SchemaGenerator().get_schema(public=True)
    return [
        (method, re.sub(r"{\w+}", "1", path))
        for path, methods in schema["paths"].items()
        for method in methods
    ]


@pytest.mark.security
def test_no_operation_serves_strangers(client, operations):
    answers = {row: getattr(client, row[0])(row[1]).status_code for row in operations}

    assert len(answers) >= 12
    assert set(answers.values()) == {401}, answers


# Everybody's own tokens, inbox and rights, and those events that one may hear.
OF_EVERYBODY = ("/api/tokens/", "/api/events/", "/api/notifications/", "/api/me/")


@pytest.mark.security
def test_no_operation_serves_people_without_rights(client, operations):
    client.force_login(UserFactory())
    guarded = [row for row in operations if not row[1].startswith(OF_EVERYBODY)]

    answers = {row: getattr(client, row[0])(row[1]).status_code for row in guarded}

    assert set(answers.values()) == {403}, answers


@pytest.mark.security
def test_token_stands_for_its_owner(client, db):
    user = UserFactory(permissions=["catalog.view_video"])
    _, token = ApiToken.objects.create(user)

    answer = client.get("/api/videos/", headers={"authorization": f"Token {token}"})

    assert answer.status_code == 200


@pytest.mark.security
@pytest.mark.parametrize("token", ["", "0" * 64, "made up"])
def test_wrong_token_is_refused_with_a_challenge(client, db, token):
    answer = client.get("/api/videos/", headers={"authorization": f"Token {token}"})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer.json()["error_type"] in {"not_authenticated", "authentication_failed"}


@pytest.mark.security
def test_token_of_a_person_who_left_is_refused(client, db):
    user = UserFactory(permissions=["catalog.view_video"], is_active=False)
    _, token = ApiToken.objects.create(user)

    answer = client.get("/api/videos/", headers={"authorization": f"Token {token}"})

    assert answer.status_code == 401
