"""Who has a scope sees its rows, in whatever way they ask, and no others."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from catalog.models import Scope, Video
from catalog.querysets import VisibleMixin, is_scoped
from tests.factories.catalog import ChannelFactory, ContentOwnerFactory, UserFactory
from tests.security.worlds import (
    OF_CHANNELS,
    OF_THE_OWNER,
    PERSONAL,
    person_with,
)

pytestmark = [pytest.mark.security, pytest.mark.django_db]

OWNED = {
    model._meta.model_name
    for model in apps.get_models()
    if issubclass(model._default_manager._queryset_class, VisibleMixin)
}
# The quota belongs to a Google project; findings hang on their sheet.
ALL = {"quotaentry"}


def scope_by(kind, world):
    named = {
        "content_owner": world["contentowner"],
        "channel": world["channel"],
        "label": world["video"].label,
    }
    return {kind: named[kind]}


def seen_by(user, row):
    rows = type(row)._default_manager.visible_to(user)
    return rows.filter(pk=row.pk).exists()


def owned_rows(world):
    return {name: row for name, row in world.rows.items() if name in OWNED}


def test_worlds_have_a_row_of_everything_that_is_owned(ours):
    proxies = {"youtubeshorts", "nonyoutubeshorts"}

    missing = OWNED - set(ours.rows) - proxies - ALL - {"spreadsheetfinding"}
    assert missing == set()


@pytest.mark.parametrize("kind", ["content_owner", "channel", "label"])
def test_rows_of_others_stay_unseen(kind, ours, theirs):
    person = person_with(**scope_by(kind, ours))

    seen = {name for name, row in owned_rows(theirs).items() if seen_by(person, row)}

    assert seen == set()


@pytest.mark.parametrize(
    ("kind", "unseen"),
    [
        ("content_owner", PERSONAL),
        ("channel", PERSONAL | (OF_THE_OWNER - OF_CHANNELS)),
        ("label", PERSONAL | OF_THE_OWNER | OF_CHANNELS),
    ],
)
def test_rows_of_the_scope_are_seen(kind, unseen, ours):
    person = person_with(**scope_by(kind, ours))

    seen = {name for name, row in owned_rows(ours).items() if seen_by(person, row)}

    assert seen == set(owned_rows(ours)) - unseen


def test_several_scopes_add_up(ours, theirs):
    person = person_with(**scope_by("label", ours))
    Scope.objects.create(user=person, **scope_by("channel", theirs))

    seen = set(Video.objects.visible_to(person))

    assert seen == {ours["video"], theirs["video"]}


@pytest.mark.parametrize(
    ("kind", "index"),
    [
        ("content_owner", "catalog_video_channel_id"),
        ("channel", "catalog_video_channel_id"),
        ("label", "catalog_video_search"),
    ],
)
def test_rows_of_a_scope_are_found_by_an_index(kind, index, ours):
    person = person_with(**scope_by(kind, ours))
    videos = Video.objects.visible_to(person).order_by()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        sql, params = videos.values("pk").query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert f"Bitmap Index Scan on {index}" in plan


def test_list_of_a_person_with_a_scope_is_one_statement(
    ours, django_assert_num_queries
):
    person = person_with(**scope_by("content_owner", ours))
    Scope.objects.create(user=person, label="Analytical Records")

    # Whether there is a scope, what kinds it has, and the rows.
    with django_assert_num_queries(3):
        assert len(Video.objects.visible_to(person)) == 1


def test_who_has_no_scope_asks_the_same_query(ours):
    videos = Video.objects.all()

    assert str(videos.visible_to(person_with()).query) == str(videos.query)
    assert str(videos.visible_to(AnonymousUser()).query) == str(videos.query)


def test_superuser_sees_everything_whatever_rows_there_are(ours, theirs):
    chief = UserFactory(is_superuser=True)
    Scope.objects.create(user=chief, **scope_by("channel", ours))

    assert not is_scoped(chief)
    assert Video.objects.visible_to(chief).count() == 2


@pytest.mark.parametrize("kind", ["content_owner", "channel"])
def test_scope_whose_row_is_gone_gives_nothing(kind, ours):
    named = {"content_owner": ContentOwnerFactory, "channel": ChannelFactory}[kind]()
    person = person_with(**{kind: named})

    named.delete()

    assert not Video.objects.visible_to(person).exists()


def test_scope_names_one_thing_only(ours):
    person = UserFactory()

    with pytest.raises(IntegrityError, match="names_one"), transaction.atomic():
        Scope.objects.create(user=person, label="A", channel=ours["channel"])


def test_signed_in_person_costs_no_query_for_the_scope(
    client, django_assert_num_queries
):
    client.force_login(person_with())
    request = client.get("/admin/password_change/").wsgi_request

    with django_assert_num_queries(0):
        assert not is_scoped(request.user)
