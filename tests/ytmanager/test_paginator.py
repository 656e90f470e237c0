import pytest

from catalog.models import ContentOwner
from tests.factories.catalog import ContentOwnerFactory
from ytmanager import paginator
from ytmanager.paginator import EstimatingPaginator

pytestmark = pytest.mark.django_db


def test_short_list_is_counted_exactly_in_one_query(django_assert_num_queries):
    ContentOwnerFactory.create_batch(3)
    pages = EstimatingPaginator(ContentOwner.objects.order_by("name"), 2)

    with django_assert_num_queries(1):
        counted = pages.count, pages.num_pages, pages.is_estimated

    assert counted == (3, 2, False)


def test_long_list_is_estimated_in_two_queries(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(paginator, "EXACT_UP_TO", 2)
    ContentOwnerFactory.create_batch(4)
    pages = EstimatingPaginator(ContentOwner.objects.order_by("name"), 2)

    with django_assert_num_queries(2):
        counted = pages.count

    assert pages.is_estimated
    assert counted >= 3


def test_estimate_follows_filters_with_parameters(monkeypatch):
    monkeypatch.setattr(paginator, "EXACT_UP_TO", 0)
    ContentOwnerFactory(name="100% Music's")

    pages = EstimatingPaginator(ContentOwner.objects.filter(name="100% Music's"), 2)

    assert pages.count == 1


def test_empty_list_has_one_page():
    pages = EstimatingPaginator(ContentOwner.objects.none(), 2)

    assert (pages.count, pages.num_pages) == (0, 1)


def test_list_known_to_be_empty_is_not_asked_for(django_assert_num_queries):
    pages = EstimatingPaginator(ContentOwner.objects.filter(name="Nobody"), 2)

    with django_assert_num_queries(1):
        rows = list(pages.page(1).object_list)

    assert rows == []
