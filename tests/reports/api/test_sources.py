"""`/api/report-sources/`: places of report files, tried and looked into."""

import pytest

from reports.models import Report, ReportSource
from tests.api_clients import client_of
from tests.factories.catalog import ContentOwnerFactory
from tests.factories.reports import ReportFactory, ReportSourceFactory

pytestmark = pytest.mark.django_db
SOURCES = "/api/report-sources/"
SEE = "reports.view_reportsource"


@pytest.fixture
def viewer(db):
    return client_of(SEE)


@pytest.fixture
def keeper(report_store):
    """Somebody who sets sources up."""
    rights = [f"reports.{verb}_reportsource" for verb in ("add", "change", "delete")]
    return client_of(SEE, *rights, "reports.add_report", username="keeper")


def address(source, rest=""):
    return f"{SOURCES}{source.pk}/{rest}"


def test_list_costs_the_same_for_many_sources(viewer, django_assert_num_queries):
    owner = ContentOwnerFactory()
    for _ in range(5):
        ReportSourceFactory(content_owner=owner)

    # Session, user, its permissions twice, count, rows.
    with django_assert_num_queries(6):
        rows = viewer.get(SOURCES).json()["results"]

    assert {row["content_owner"] for row in rows} == {owner.name}


def test_list_is_filtered(viewer):
    active = ReportSourceFactory()
    ReportSourceFactory(is_active=False)

    rows = viewer.get(f"{SOURCES}?is_active=true").json()["results"]

    assert [row["pk"] for row in rows] == [active.pk]


def test_source_is_added(keeper):
    owner = ContentOwnerFactory()
    body = {
        "name": " Nightly ",
        "prefix": "nightly/",
        "kind": "video_report",
        "content_owner": owner.name,
        "schedule": "0  6 * * 1-5",
        "imports_automatically": True,
    }

    reply = keeper.post(SOURCES, body)

    source = ReportSource.objects.get()
    assert (reply.status_code, reply.json()["pk"]) == (201, source.pk)
    assert reply.headers["Location"].endswith(address(source))
    assert (source.name, source.schedule) == ("Nightly", "0 6 * * 1-5")
    assert (source.content_owner, source.is_active) == (owner, True)
    assert source.imports_automatically


def test_source_is_changed_and_the_rest_of_it_stays(keeper):
    source = ReportSourceFactory(name="Nightly", prefix="in/", schedule="0 6 * * *")

    reply = keeper.patch(address(source), {"is_active": False, "schedule": ""})

    source.refresh_from_db()
    assert reply.status_code == 200
    assert (source.is_active, source.schedule) == (False, "")
    assert (source.name, source.prefix) == ("Nightly", "in/")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"schedule": "every morning"}, "schedule"),
        ({"name": "Taken"}, "name"),
        ({"name": ""}, "name"),
        ({"bucket": "elsewhere"}, "bucket"),
    ],
)
def test_value_against_a_rule_is_named_and_nothing_is_saved(keeper, body, field):
    ReportSourceFactory(name="Taken")
    source = ReportSourceFactory(name="Nightly")

    reply = keeper.patch(address(source), body)

    source.refresh_from_db()
    assert (reply.status_code, list(reply.json()["details"]["fields"])) == (
        422,
        [field],
    )
    assert (source.name, source.schedule, source.bucket) == ("Nightly", "", "")


def test_owner_that_nobody_knows_is_not_found(keeper):
    reply = keeper.post(SOURCES, {"name": "Nightly", "content_owner": "Nobody"})

    assert (reply.status_code, ReportSource.objects.count()) == (404, 0)


def test_stale_change_is_refused(keeper):
    source = ReportSourceFactory()
    seen = keeper.get(address(source)).headers["ETag"]
    keeper.patch(address(source), {"prefix": "new/"})

    reply = keeper.patch(
        address(source), {"prefix": "old/"}, headers={"if-match": seen}
    )

    assert reply.status_code == 412


def test_source_without_reports_is_removed(keeper):
    source = ReportSourceFactory()

    assert keeper.delete(address(source)).status_code == 204

    assert not ReportSource.objects.exists()


def test_source_of_reports_stays(keeper):
    source = ReportFactory().source

    reply = keeper.delete(address(source))

    assert (reply.status_code, reply.json()["error_type"]) == (422, "source_in_use")
    assert ReportSource.objects.filter(pk=source.pk).exists()


def test_check_tells_what_can_be_read(keeper, report_store):
    (report_store / "in").mkdir()
    (report_store / "in" / "a.csv").write_bytes(b"x")

    reply = keeper.post(address(ReportSourceFactory(prefix="in/"), "check/"))

    assert reply.json()["data"] == {
        "file_count": 1,
        "has_more": False,
        "read_key": "in/a.csv",
    }


@pytest.mark.parametrize("is_of_all", [False, True])
def test_look_adds_new_files_once(keeper, report_store, is_of_all):
    source = ReportSourceFactory()
    (report_store / "video_report_Label_V_v1-4.csv").write_bytes(b"x")
    look = f"{SOURCES}look/" if is_of_all else address(source, "look/")

    found = [keeper.post(look).json()["data"]["found_count"] for _ in range(2)]

    assert found == [1, 0]
    assert Report.objects.get().source == source


@pytest.mark.security
@pytest.mark.parametrize("button", ["check/", "look/"])
def test_viewer_presses_no_button(viewer, button):
    source = ReportSourceFactory()

    assert viewer.post(address(source, button)).status_code == 403
    assert viewer.post(f"{SOURCES}look/").status_code == 403
