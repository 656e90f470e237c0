"""The factories write rows that the system itself could have written."""

import pytest

from catalog.models import Video
from tests.factories import catalog

pytestmark = pytest.mark.django_db

FACTORIES = [
    catalog.UserFactory,
    catalog.ContentOwnerFactory,
    catalog.ChannelFactory,
    catalog.ChannelStatisticsFactory,
    catalog.AssetFactory,
    catalog.VideoFactory,
    catalog.ClaimFactory,
    catalog.ShortsVerdictFactory,
    catalog.ObservationFactory,
    catalog.ChangeSetFactory,
    catalog.ChangeFactory,
    catalog.ConflictFactory,
]


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda f: f.__name__)
def test_factory_makes_two_rows_that_do_not_collide(factory):
    first, second = factory.create_batch(2)

    assert first.pk != second.pk


def test_video_factory_leaves_nothing_pending():
    video = catalog.VideoFactory(primary_asset=catalog.AssetFactory())

    assert video.pending_fields == []
    assert video.snapshot.title == video.title


def test_video_factory_with_other_snapshot_is_pending():
    video = catalog.VideoFactory(title="New", snapshot__title="Old")

    assert video.pending_fields == ["title"]


def test_video_factory_can_be_searched():
    video = catalog.VideoFactory(title="Der Kommissar")

    assert Video.objects.search("kommissar").get() == video


def test_user_factory_grants_permissions():
    user = catalog.UserFactory(permissions=["catalog.change_video"])

    assert user.has_perm("catalog.change_video")
