"""Factories of the catalogue's models: one per model, small real-looking rows.

Pushable columns are free on INSERT, so a factory may set any of them. `VideoFactory`
comes with an equal snapshot and statistics: nothing is pending unless the test
says so, as in `VideoFactory(title="New", snapshot__title="Old")`.
"""

from datetime import UTC, datetime

import factory
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from factory.django import DjangoModelFactory

from catalog import field_sql, fields
from catalog.doors import Door, opened
from catalog.models import (
    Asset,
    Change,
    ChangeSet,
    Channel,
    ChannelStatistics,
    Claim,
    Conflict,
    ContentOwner,
    Highlight,
    HighlightCount,
    Observation,
    OwnershipConflict,
    ShortsVerdict,
    Video,
    VideoSnapshot,
    VideoStatistics,
)

AS_OF = datetime(2025, 3, 1, 8, tzinfo=UTC)


class UserFactory(DjangoModelFactory):
    """A person who may sign in; `is_superuser` and `groups` as needed."""

    class Meta:
        model = "auth.User"
        skip_postgeneration_save = True

    username = factory.Sequence("person{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    is_staff = True

    @factory.post_generation
    def permissions(self, create, codenames, **kwargs):
        """Grant permissions by name: `permissions=["catalog.view_video"]`."""
        for name in codenames or ():
            app_label, codename = name.split(".")
            self.user_permissions.add(
                Permission.objects.get(
                    content_type__app_label=app_label, codename=codename
                )
            )


class ContentOwnerFactory(DjangoModelFactory):
    class Meta:
        model = ContentOwner

    name = factory.Sequence("Label House {}".format)
    content_owner_id = factory.Sequence("owner{:018d}".format)


class ChannelFactory(DjangoModelFactory):
    class Meta:
        model = Channel

    content_owner = factory.SubFactory(ContentOwnerFactory)
    channel_id = factory.Sequence("UC{:022d}".format)
    name = factory.Sequence("Channel {}".format)
    subscriber_count = 12_500
    video_count = 320
    view_count = 9_800_000
    is_monetized = True


class ChannelStatisticsFactory(DjangoModelFactory):
    class Meta:
        model = ChannelStatistics

    channel = factory.SubFactory(ChannelFactory)
    on = factory.Sequence(lambda n: datetime.fromordinal(738_000 + n).date())
    subscriber_count = factory.Sequence(lambda n: 12_000 + 40 * n)
    video_count = 320
    view_count = factory.Sequence(lambda n: 9_000_000 + 20_000 * n)


class AssetFactory(DjangoModelFactory):
    class Meta:
        model = Asset

    content_owner = factory.SubFactory(ContentOwnerFactory)
    asset_id = factory.Sequence("A{:015d}".format)
    asset_type = "SOUND_RECORDING"
    status = "ACTIVE"
    title = factory.Sequence("Recording {}".format)
    artist = factory.LazyFunction(lambda: ["Ada Lovelace"])
    genre = factory.LazyFunction(lambda: ["Pop"])
    label = "Analytical Records"
    album = "First Notes"
    upc = "036000291452"
    isrc = factory.Sequence("GBAYE68{:05d}".format)
    custom_id = factory.Sequence("CUSTOM-{}".format)
    as_of = AS_OF


class VideoFactory(DjangoModelFactory):
    """A video; `snapshot__title=…` is what YouTube shows, `snapshot=None`: nothing.

    `pending_fields` is worked out from the two unless it is given.
    """

    class Meta:
        model = Video
        skip_postgeneration_save = True

    video_id = factory.Sequence("vid{:08d}".format)
    channel = factory.SubFactory(ChannelFactory)
    title = factory.Sequence("Song {} (Official Video)".format)
    description = "The official video."
    tags = factory.LazyFunction(lambda: ["music", "official"])
    category_id = "10"
    privacy_status = "public"
    embeddable = True
    license = "youtube"
    public_stats_viewable = True
    made_for_kids = False
    default_language = "en"
    artist = factory.LazyFunction(lambda: ["Ada Lovelace"])
    genre = factory.LazyFunction(lambda: ["Pop"])
    label = "Analytical Records"
    album = "First Notes"
    upc = "036000291452"
    isrc = factory.Sequence("USRC176{:05d}".format)
    custom_id = factory.Sequence("CID-{}".format)
    length_seconds = 215
    uploaded_at = datetime(2021, 5, 4, 12, tzinfo=UTC)
    published_at = datetime(2021, 5, 4, 12, tzinfo=UTC)
    is_live_stream = False
    policy = "monetize"
    effective_policy = "Monetize in all countries"
    sort_views = 1_000
    snapshot = factory.RelatedFactory(
        "tests.factories.catalog.VideoSnapshotFactory", factory_related_name="video"
    )
    statistics = factory.RelatedFactory(
        "tests.factories.catalog.VideoStatisticsFactory", factory_related_name="video"
    )

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        """Keep the derived columns as the two ways in would."""
        if create:
            derive_columns(instance)


def derive_columns(video):
    """Work out `pending_fields` (unless given) and `search_text`, in SQL."""
    pending = "v.pending_fields" if video.pending_fields else field_sql.pending_fields()
    with transaction.atomic(), opened(Door.OBSERVATION), connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE catalog_video t
            SET pending_fields = {pending},
                search_text = {field_sql.search_text()}
            FROM catalog_video v LEFT JOIN catalog_videosnapshot s ON s.video_id = v.id
            WHERE t.id = v.id AND v.id = %s
            """,
            [video.pk],
        )
    video.refresh_from_db(fields=["pending_fields", "search_text"])


def equal_to_video(name):
    return factory.LazyAttribute(lambda snapshot: getattr(snapshot.video, name))


class VideoSnapshotFactory(DjangoModelFactory):
    """What YouTube shows: the video's own values unless given."""

    class Meta:
        model = VideoSnapshot

    video = factory.SubFactory(VideoFactory, snapshot=None)
    for _name in fields.PUSHABLE:
        locals()[_name] = equal_to_video(_name)


class VideoStatisticsFactory(DjangoModelFactory):
    class Meta:
        model = VideoStatistics

    video = factory.SubFactory(VideoFactory, statistics=None)
    view_count = 1_000
    comment_count = 12
    like_count = 90
    engaged_view_count = 700
    previous_view_count = 900
    previous_as_of = datetime(2025, 2, 28, 8, tzinfo=UTC)
    snippet_as_of = AS_OF
    status_as_of = AS_OF
    asset_as_of = AS_OF
    counters_as_of = AS_OF
    claims_as_of = AS_OF


class ClaimFactory(DjangoModelFactory):
    class Meta:
        model = Claim

    asset = factory.SubFactory(AssetFactory)
    content_owner = factory.SelfAttribute("asset.content_owner")
    claim_id = factory.Sequence("C{:015d}".format)
    video_id = factory.Sequence("vid{:08d}".format)
    status = "ACTIVE"
    origin = "Audio match"
    content_type = "Sound recording"
    policy = "Monetize in all countries"
    is_partner_provided = True
    as_of = AS_OF


class ShortsVerdictFactory(DjangoModelFactory):
    class Meta:
        model = ShortsVerdict

    video = factory.SubFactory(VideoFactory)
    verdict = ShortsVerdict.Verdict.NO
    method = ShortsVerdict.Method.RULE
    evidence = "215 s is longer than any Short."
    decided_at = AS_OF


class ObservationFactory(DjangoModelFactory):
    class Meta:
        model = Observation

    content_owner = factory.SubFactory(ContentOwnerFactory)
    source = "report"
    as_of = AS_OF


class ChangeSetFactory(DjangoModelFactory):
    class Meta:
        model = ChangeSet

    kind = ChangeSet.Kind.FORM
    state = ChangeSet.State.APPLIED
    actor = factory.SubFactory(UserFactory)
    expected_count = 1
    applied_count = 1
    applied_at = AS_OF


class ChangeFactory(DjangoModelFactory):
    """A change of a video by a person; `change_set=None, observation=…` else."""

    class Meta:
        model = Change

    video = factory.SubFactory(VideoFactory)
    change_set = factory.SubFactory(ChangeSetFactory)
    field = "title"
    old = "Old title"
    new = "New title"


class ConflictFactory(DjangoModelFactory):
    class Meta:
        model = Conflict

    video = factory.SubFactory(VideoFactory)
    observation = factory.SubFactory(ObservationFactory)
    field = "title"
    base = "Old title"
    ours = "Our title"
    theirs = "Title on YouTube"


class HighlightFactory(DjangoModelFactory):
    """A lost ownership of a new video on a channel of its own."""

    class Meta:
        model = Highlight

    observation = factory.SubFactory(ObservationFactory)
    kind = "ownership_lost"
    video = factory.SubFactory(VideoFactory)
    channel = factory.LazyAttribute(
        lambda highlight: highlight.video and highlight.video.channel
    )
    field = "claimed_by_this_owner"
    old = True
    new = False
    daily_views = 100


class HighlightCountFactory(DjangoModelFactory):
    class Meta:
        model = HighlightCount

    observation = factory.SubFactory(ObservationFactory)
    channel = factory.SubFactory(ChannelFactory)
    kind = "ownership_lost"
    count = 1
    daily_views = 100


class OwnershipConflictFactory(DjangoModelFactory):
    class Meta:
        model = OwnershipConflict

    asset = factory.SubFactory(AssetFactory)
    content_owner = factory.SelfAttribute("asset.content_owner")
    other_owner = "Echo Publishing"
    countries = factory.LazyFunction(lambda: ["DE", "AT"])
    other_title = "Their song"
    daily_views = 700
    as_of = AS_OF
