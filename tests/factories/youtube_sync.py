"""Factories of accounts, plans, items, attempts and the ledger."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories.catalog import ContentOwnerFactory, UserFactory, VideoFactory
from youtube_sync.models import (
    MetadataSync,
    PlanItem,
    PushPlan,
    QuotaEntry,
    YouTubeAccount,
)


class YouTubeAccountFactory(DjangoModelFactory):
    """A connected account; its tokens mean something to no server."""

    class Meta:
        model = YouTubeAccount

    content_owner = factory.SubFactory(ContentOwnerFactory)
    name = factory.Sequence("Account {}".format)
    refresh_token = "1//planted-refresh-token"
    access_token = "ya29.planted-access-token"
    access_token_expires_at = factory.LazyFunction(
        lambda: timezone.now() + timedelta(hours=1)
    )
    granted_scopes = factory.LazyFunction(
        lambda: ["https://www.googleapis.com/auth/youtubepartner"]
    )
    has_content_id = True
    connected_at = factory.LazyFunction(timezone.now)


class PushPlanFactory(DjangoModelFactory):
    """A draft of a plan; confirmed with `state=` and `confirmed_by=`."""

    class Meta:
        model = PushPlan

    account = factory.SubFactory(YouTubeAccountFactory)
    created_by = factory.SubFactory(UserFactory)


class PlanItemFactory(DjangoModelFactory):
    class Meta:
        model = PlanItem

    plan = factory.SubFactory(PushPlanFactory)
    video = factory.SubFactory(VideoFactory)
    target_kind = PlanItem.TargetKind.VIDEO
    target_id = factory.SelfAttribute("video.video_id")
    fields = factory.LazyFunction(
        lambda: {"title": {"observed": "Old", "wanted": "New"}}
    )
    price_units = 50


class MetadataSyncFactory(DjangoModelFactory):
    class Meta:
        model = MetadataSync

    item = factory.SubFactory(PlanItemFactory)
    video = factory.SelfAttribute("item.video")
    target_kind = factory.SelfAttribute("item.target_kind")
    target_id = factory.SelfAttribute("item.target_id")
    fields = factory.LazyFunction(lambda: {"title": {"before": "Old", "sent": "New"}})
    state = MetadataSync.State.SUCCESS
    units = 50
    finished_at = factory.LazyFunction(timezone.now)


class QuotaEntryFactory(DjangoModelFactory):
    class Meta:
        model = QuotaEntry

    project = "sandbox"
    quota_on = factory.LazyFunction(lambda: timezone.now().date())
    units = 50
    state = QuotaEntry.State.SPENT
    call = "videos.update"
