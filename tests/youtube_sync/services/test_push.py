"""Pushing plans over real HTTP to the sandbox, with the real database."""

import pytest

from catalog.models import Conflict, Video
from tests.youtube_sync.services.conftest import ASSET_ID, VIDEO_ID
from youtube_sync.models import MetadataSync, PlanItem, PushPlan, QuotaEntry
from youtube_sync.services import plans, push

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_plan(account, publisher):
    """A confirmed plan of everything pending."""

    def make(**options):
        plan = plans.create_plan(
            videos=Video.objects.all(), account=account, actor=publisher, **options
        )
        return plans.confirm_plan(plan=plan, actor=publisher)

    return make


def run(plan, connected):
    push.run_plan(plan=plan, clients=connected)
    plan.refresh_from_db()
    return plan


def calls(sandbox, method):
    return [r for r in sandbox.requests if r["method"] == method]


def test_push_of_one_field_leaves_all_else_untouched(
    sandbox, make_video, make_plan, connected
):
    video = make_video(title="New title")
    before = sandbox.video(VIDEO_ID)

    plan = run(make_plan(), connected)

    after = sandbox.video(VIDEO_ID)
    assert after["snippet"].pop("title") == "New title"
    assert after["snippet"].pop("localized")["title"] == "New title"
    for part in (before["snippet"], before, after):
        part.pop("etag", None)
    before["snippet"].pop("title"), before["snippet"].pop("localized")
    assert after == before
    assert plan.state == PushPlan.State.COMPLETED
    video.refresh_from_db()
    assert video.pending_fields == []
    assert video.snapshot.__class__.objects.get(pk=video.pk).title == "New title"
    sync = MetadataSync.objects.get()
    assert sync.state == MetadataSync.State.SUCCESS
    assert sync.fields == {"title": {"before": "Old title", "sent": "New title"}}
    assert sync.pre_image["snippet"]["tags"] == ["live", "1999"]
