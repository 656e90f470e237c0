import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage

from catalog.exceptions import InvalidEditError
from tests.factories.catalog import UserFactory
from ytmanager.admin import report_errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def message_request(rf, admin_user):
    request = rf.get("/admin/")
    request.user, request.session = admin_user, {}
    request._messages = FallbackStorage(request)
    return request


def texts(request):
    return [str(message) for message in get_messages(request)]


def test_report_errors_shows_an_expected_error_with_its_fields(message_request):
    with report_errors(message_request):
        raise InvalidEditError("Not valid.", fields={"isrc": ["12 characters."]})

    assert texts(message_request) == ["Not valid. isrc: 12 characters."]


def test_report_errors_lets_bugs_through(message_request):
    with pytest.raises(ZeroDivisionError), report_errors(message_request):
        raise ZeroDivisionError


def test_root_leads_to_the_admin(client):
    reply = client.get("/")

    assert (reply.status_code, reply.url) == (302, "/admin/")


def test_start_page_shows_figures_and_navigation(admin_client):
    page = admin_client.get("/admin/").content.decode()

    assert "Unpushed edits" in page
    assert 'href="/admin/auth/user/"' in page
    assert "Test" in page


def test_navigation_leaves_out_what_a_person_may_not_see(client):
    client.force_login(UserFactory())

    page = client.get("/admin/").content.decode()

    assert "/admin/auth/user/" not in page
    assert "Unpushed edits" not in page


@pytest.mark.parametrize("model", ["user", "group"])
def test_people_pages_open(admin_client, admin_user, model):
    assert admin_client.get(f"/admin/auth/{model}/").status_code == 200
    assert admin_client.get(f"/admin/auth/{model}/add/").status_code == 200
