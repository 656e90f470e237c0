"""Rows that are read plainly show what REST framework itself would show."""

import pytest
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from catalog.api.serializers import VideoDetailSerializer, VideoSerializer
from catalog.models import Video
from tests.factories.catalog import (
    AssetFactory,
    ClaimFactory,
    ConflictFactory,
    ShortsVerdictFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db


def full():
    video = VideoFactory(
        primary_asset=AssetFactory(),
        assignee=UserFactory(),
        localizations={"de": {"title": "Lied"}},
        publish_at="2030-01-01T00:00:00Z",
    )
    ShortsVerdictFactory(video=video, decided_by=UserFactory())
    ClaimFactory(video_id=video.video_id)
    ConflictFactory(video=video)
    return video


def bare():
    return VideoFactory(snapshot=None, statistics=None, primary_asset=None)


def shown(serializer_class, video):
    request = Request(APIRequestFactory().get("/"))
    request.user = UserFactory(is_superuser=True)
    row = Video.objects.for_detail().get(pk=video.pk)
    return dict(serializer_class(row, context={"request": request}).data)


@pytest.mark.parametrize("serializer_class", [VideoSerializer, VideoDetailSerializer])
@pytest.mark.parametrize("make", [full, bare])
def test_row_is_shown_as_by_the_framework(serializer_class, make, monkeypatch):
    video = make()
    quick = shown(serializer_class, video)
    plain = serializers.ModelSerializer
    for name in ("to_representation", "get_fields"):
        monkeypatch.setattr(
            "catalog.api.quick_rows.ShownSerializer." + name, getattr(plain, name)
        )

    slow = shown(serializer_class, video)

    assert quick == slow
    assert list(quick) == list(slow)


def test_fields_of_two_answers_are_not_the_same_objects():
    first, second = VideoSerializer(), VideoSerializer()

    names = [name for name in first.fields if first.fields[name] is second.fields[name]]

    assert (names, set(first.fields)) == ([], set(second.fields))
