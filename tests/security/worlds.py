"""One row of everything that belongs to a content owner, twice: seen and not seen."""

from dataclasses import dataclass, field

from django.contrib.auth.models import Permission

from catalog.models import Release, ReleaseList, ReleaseMatch, Scope, Spreadsheet
from tests.factories.catalog import (
    AssetFactory,
    ChangeFactory,
    ChangeSetFactory,
    ChannelFactory,
    ClaimFactory,
    ConflictFactory,
    ContentOwnerFactory,
    HighlightCountFactory,
    HighlightFactory,
    ObservationFactory,
    OwnershipConflictFactory,
    ShortsVerdictFactory,
    UserFactory,
    VideoFactory,
)
from tests.factories.reports import (
    ReportFactory,
    ReportRowErrorFactory,
    ReportSourceFactory,
)
from tests.factories.youtube_sync import (
    MetadataSyncFactory,
    PlanItemFactory,
    PushPlanFactory,
    YouTubeAccountFactory,
)
from youtube_sync.models import RefreshRun

# Of these only an owner's scope has rows: they speak of everything that it owns.
OF_THE_OWNER = frozenset(
    {
        "contentowner",
        "highlightcount",
        "observation",
        "pushplan",
        "refreshrun",
        "release",
        "releaselist",
        "report",
        "reportrowerror",
        "reportsource",
        "youtubeaccount",
    }
)
PERSONAL = frozenset({"spreadsheet"})
OF_CHANNELS = frozenset({"channel", "highlightcount"})


@dataclass
class World:
    """A content owner's rows; each text in them holds the word."""

    word: str
    rows: dict = field(default_factory=dict)

    def add(self, row):
        self.rows[type(row)._meta.model_name] = row
        return row

    def __getitem__(self, name):
        return self.rows[name]


def make_world(word):
    """Make a content owner with a row of each kind, none of it by a known person."""
    world = World(word)
    owner = world.add(ContentOwnerFactory(name=f"{word} Owner"))
    channel = world.add(ChannelFactory(name=f"{word} Channel", content_owner=owner))
    asset = world.add(AssetFactory(title=f"{word} Asset", content_owner=owner))
    video = world.add(
        VideoFactory(
            title=f"{word} Video",
            snapshot__title=f"{word} Video before",
            channel=channel,
            label=f"{word} Label",
            primary_asset=asset,
        )
    )
    add_facts(world, owner, video, asset)
    add_work(world, owner, video)
    return world


def add_facts(world, owner, video, asset):
    word, channel = world.word, video.channel
    seen = world.add(ObservationFactory(content_owner=owner))
    world.add(
        ClaimFactory(
            asset=asset, video_id=video.video_id, video_title=f"{word} claimed"
        )
    )
    world.add(OwnershipConflictFactory(asset=asset, other_owner=f"{word} Rival"))
    world.add(
        ConflictFactory(video=video, observation=seen, theirs=f"{word} on YouTube")
    )
    world.add(ShortsVerdictFactory(video=video, verdict="unknown"))
    world.add(HighlightFactory(video=video, observation=seen))
    world.add(HighlightCountFactory(channel=channel, observation=seen))
    source = world.add(ReportSourceFactory(name=f"{word} Source", content_owner=owner))
    name = f"video_report_{word}_V_v1-4.csv"
    report = world.add(
        ReportFactory(
            imported=True,
            observation=seen,
            name=name,
            source=source,
            content_owner=owner,
        )
    )
    world.add(ReportRowErrorFactory(report=report, value=f"{word} value"))


def add_work(world, owner, video):
    word, stranger = world.word, UserFactory()
    change_set = world.add(
        ChangeSetFactory(actor=stranger, reason=f"{word} reason", kind="bulk")
    )
    world.add(ChangeFactory(change_set=change_set, video=video, new=f"{word} new"))
    account = world.add(
        YouTubeAccountFactory(name=f"{word} Account", content_owner=owner)
    )
    plan = world.add(PushPlanFactory(account=account, created_by=stranger))
    item = world.add(PlanItemFactory(plan=plan, video=video))
    world.add(MetadataSyncFactory(item=item))
    world.add(RefreshRun.objects.create(account=account, scope="catalogue"))
    listed = world.add(
        ReleaseList.objects.create(
            name=f"{word}.csv", key=f"{word}-list", actor=stranger, content_owner=owner
        )
    )
    release = world.add(
        Release.objects.create(
            content_owner=owner,
            key=f"{word}-release",
            title=f"{word} Release",
            release_list=listed,
        )
    )
    world.add(
        ReleaseMatch.objects.create(
            video=video, release=release, confidence=90, method="text"
        )
    )
    world.add(
        Spreadsheet.objects.create(
            name=f"{word}-sheet.csv",
            key=f"{word}-sheet",
            actor=stranger,
            change_set=change_set,
        )
    )


def person_with(**scope):
    """Somebody with every permission, and with a scope if one is given."""
    user = UserFactory()
    user.user_permissions.set(Permission.objects.all())
    if scope:
        Scope.objects.create(user=user, **scope)
    return type(user).objects.get(pk=user.pk)
