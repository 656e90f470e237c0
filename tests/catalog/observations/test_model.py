"""Random histories: the database agrees with the plain model after every step.

Beside the model two rules are held that need none: an edit that is not pushed
survives every observation, and a third value from YouTube becomes a conflict.
"""

import copy
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalog import field_sql
from catalog.choices import Source
from catalog.models import Asset, Conflict, ContentOwner, PushedValue, Video
from catalog.observations.observe import observe
from catalog.services.assets import choose_primary_asset
from catalog.services.conflicts import resolve_conflict
from catalog.services.videos import edit_videos, update_video
from tests.catalog.observations import model
from tests.catalog.observations.conftest import CHANNEL, DAY, claim
from tests.catalog.observations.model import ASSET_PART, PUSHABLE, Batch
from tests.factories.catalog import UserFactory

pytestmark = pytest.mark.django_db

VIDEOS = ("video_____1", "video_____2", "video_____3")
ASSETS = ("A1", "A2")
VALUES = {
    "description": st.sampled_from(["", "a", "b", "c"]),
    "tags": st.sampled_from([[], ["a"], ["b"], ["a", "b"]]),
    "embeddable": st.booleans(),
    "label": st.sampled_from(["", "X", "Y", "Z"]),
    "artist": st.sampled_from([[], ["Ana"], ["Ben"], ["Ana", "Ben"]]),
    "length_seconds": st.integers(1, 3),
    "view_count": st.integers(0, 3),
}
ROWS = st.dictionaries(
    st.sampled_from(VIDEOS), st.fixed_dictionaries({}, optional=VALUES), min_size=1
)
METADATA = {name: VALUES[name] for name in sorted(ASSET_PART)}
ASSET_FACTS = st.dictionaries(
    st.sampled_from(ASSETS), st.fixed_dictionaries({}, optional=METADATA), min_size=1
).filter(lambda assets: any(assets.values()))
CLAIMS = st.dictionaries(
    st.tuples(st.sampled_from(VIDEOS), st.sampled_from(ASSETS)), st.booleans()
)
AGES = st.integers(0, 4)
PICK = st.integers(0, 99)
EDIT = st.sampled_from(PUSHABLE).flatmap(
    lambda name: st.tuples(st.just(name), VALUES[name])
)
COUNTED = (
    "videos_new", "videos_changed", "videos_counters_only", "videos_unchanged",
    "videos_older", "conflicts", "pinned_kept", "agreed",
)  # fmt: skip
QUICK_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
KEPT_TABLES = (
    "catalog_video", "catalog_videosnapshot", "catalog_videostatistics",
    "catalog_shortsverdict", "catalog_channel", "catalog_asset", "catalog_claim",
    "catalog_conflict", "catalog_change", "catalog_pushedvalue",
)  # fmt: skip


class History(RuleBasedStateMachine):
    """People, reports, reads and pushes in any order, in one transaction."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.owner = ContentOwner.objects.create(name="Label")
        self.actor = UserFactory()
        self.model = model.CatalogueModel()
        self.now = 10
        self.last = None

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # What YouTube says

    @initialize(rows=ROWS, claims=CLAIMS)
    def first_report(self, rows, claims):
        self.report(rows, claims, {}, 0)

    @rule(rows=ROWS, claims=CLAIMS, assets=ASSET_FACTS, age=AGES)
    def report(self, rows, claims, assets, age):
        """Rows, the claims they name, and what they tell of those assets."""
        claims = {key: ours for key, ours in claims.items() if key[0] in rows}
        named = {asset_id for _, asset_id in claims}
        assets = {key: facts for key, facts in assets.items() if key in named}
        self.observe(Batch("report", self.now - age, rows, assets, claims))

    @rule(assets=ASSET_FACTS, age=AGES)
    def asset_report(self, assets, age):
        self.observe(Batch("report", self.now - age, assets=assets))

    @rule(rows=ROWS, source=st.sampled_from(["refresh", "push_read"]))
    def api_read(self, rows, source):
        """It shows the state of now, or of before a push."""
        self.observe(Batch(source, self.now, rows))

    @rule(assets=ASSET_FACTS)
    def asset_read(self, assets):
        self.observe(Batch("refresh", self.now, assets=assets))

    @precondition(lambda self: self.stale_values())
    @rule(pick=PICK)
    def stale_read(self, pick):
        """A read that still shows what a push replaced."""
        key, name, before = self.stale_values()[pick % len(self.stale_values())]
        self.observe(Batch("refresh", self.now, {key: {name: before}}))

    @precondition(lambda self: self.last)
    @rule()
    def same_facts_again(self):
        """Nothing is written, nothing is counted."""
        before = self.row_versions()

        counts = self.observe(self.last)

        assert self.row_versions() == before
        assert not counts["conflicts"]

    @rule()
    def time_passes(self):
        self.now += 2

    @rule()
    def grace_ends(self):
        PushedValue.objects.update(pushed_at=DAY - timedelta(days=900))
        for video in self.model.videos.values():
            video.pushed.clear()
        self.last = None  # what said nothing within the grace speaks now

    # What people want

    @rule(pick=PICK, edit=EDIT)
    def edit(self, pick, edit):
        key, (name, value) = self.pick(pick), edit
        update_video(video=stored(key), values={name: value}, actor=self.actor)
        self.model.videos[key].edit(name, value)

    @rule(edit=EDIT)
    def bulk_edit(self, edit):
        name, value = edit
        edit_videos(videos=Video.objects.all(), values={name: value}, actor=self.actor)
        for video in self.model.videos.values():
            video.edit(name, value)

    @rule(pick=PICK, names=st.sets(st.sampled_from(PUSHABLE)))
    def pin(self, pick, names):
        """Pins exactly these fields, and unpins all others."""
        values = {"pinned_fields": sorted(names)}
        update_video(video=stored(self.pick(pick)), values=values, actor=self.actor)
        self.model.videos[self.pick(pick)].pins = names

    @precondition(lambda self: self.open_conflicts())
    @rule(pick=PICK, take_theirs=st.booleans())
    def resolve(self, pick, take_theirs):
        chosen = self.open_conflicts()
        key, name = chosen[pick % len(chosen)]
        conflict = Conflict.objects.open().get(video__video_id=key, field=name)
        resolve_conflict(conflict=conflict, take_theirs=take_theirs, actor=self.actor)
        decided = self.model.videos[key].conflicts.pop(name)
        if take_theirs:
            self.model.videos[key].edit(name, decided.theirs)

    @rule(pick=PICK, edit=EDIT, is_edited=st.booleans(), altered=EDIT)
    def push_video(self, pick, edit, is_edited, altered):
        """Send a video's part; a person may edit before the reply comes."""
        key = self.pick(pick)
        sent = self.to_send(key, set(PUSHABLE) - ASSET_PART)
        if is_edited:
            self.edit(pick, edit)
        reply = sent | ({altered[0]: altered[1]} if altered[0] in sent else {})
        if sent:
            rows, now = {key: reply}, self.now
            self.observe(Batch("push_reply", now, rows, sent={key: sent}))

    @rule(pick=PICK, edit=EDIT, is_edited=st.booleans())
    def push_asset(self, pick, edit, is_edited):
        """Send the asset of a video; it may feed another one as well."""
        key = self.pick(pick)
        asset_id = self.model.videos[key].asset
        sent = self.to_send(key, ASSET_PART)
        if is_edited:
            self.edit(pick, edit)
        if asset_id and sent:
            batch = Batch("push_reply", self.now, assets={asset_id: sent})
            batch.sent = {asset_id: sent}
            self.observe(batch)

    @rule(pick=PICK, asset_id=st.sampled_from([*ASSETS, None]))
    def choose_asset(self, pick, asset_id):
        key = self.pick(pick)
        video = self.model.videos[key]
        if asset_id and asset_id not in video.claims:
            return
        asset = asset_id and Asset.objects.get(asset_id=asset_id)
        choose_primary_asset(video=stored(key), asset=asset, actor=self.actor)
        self.model.choose(key, asset_id)
        self.last = None  # a row speaks of the asset part only without an asset

    # What must hold

    @invariant()
    def database_agrees_with_the_model(self):
        expected = {key: described(v) for key, v in self.model.videos.items()}
        assert state_of_videos() == expected

    @invariant()
    def assets_agree_with_the_model(self):
        expected = {
            key: {name: asset.facts.get(name) for name in ASSET_PART}
            for key, asset in self.model.assets.items()
        }
        rows = Asset.objects.values("asset_id", *ASSET_PART)
        assert {row.pop("asset_id"): row for row in rows} == expected

    @invariant()
    def pending_fields_are_the_diff(self):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT v.video_id, v.pending_fields, {field_sql.pending_fields()} "
                "FROM catalog_video v JOIN catalog_videosnapshot s "
                "ON s.video_id = v.id"
            )
            for video_id, kept, computed in cursor.fetchall():
                assert kept == computed, video_id

    # Steps

    def pick(self, number):
        keys = sorted(self.model.videos)
        return keys[number % len(keys)]

    def open_conflicts(self):
        return [
            (key, name)
            for key, video in sorted(self.model.videos.items())
            for name in sorted(video.conflicts)
        ]

    def stale_values(self):
        return [
            (key, name, before)
            for key, video in sorted(self.model.videos.items())
            for name, before in sorted(video.pushed.items(), key=str)
            if before is not None and name not in ASSET_PART
        ]

    def to_send(self, key, part):
        """What a plan would send of a part; open conflicts are blocked."""
        video = self.model.videos[key]
        return {
            name: video.wanted[name]
            for name in sorted(video.pending & part - set(video.conflicts))
            if video.wanted[name] is not None
        }

    def observe(self, batch):
        """Give the batch to both sides; they count the same."""
        self.last = copy.deepcopy(batch)
        before = copy.deepcopy(self.model.videos)
        counts = vars_of(observe(**self.as_facts(batch)))
        expected = self.model.observe(batch)
        assert counts == {name: expected[name] for name in COUNTED}
        see_that_nothing_is_lost(before, batch)
        return counts

    def as_facts(self, batch):
        def with_sent(key, fact):
            return fact | ({"sent": batch.sent[key]} if key in batch.sent else {})

        rows = [
            with_sent(key, {"video_id": key, "channel_id": CHANNEL, **row})
            for key, row in batch.rows.items()
        ]
        assets = [
            with_sent(key, {"asset_id": key, **facts})
            for key, facts in batch.assets.items()
        ]
        claims = [
            claim(asset_id, key, is_partner_provided=is_ours)
            for (key, asset_id), is_ours in batch.claims.items()
        ]
        return {
            "content_owner": self.owner,
            "source": Source(batch.source),
            "as_of": DAY + timedelta(minutes=batch.as_of),
            "videos": rows,
            "assets": assets,
            "claims": claims,
        }

    def row_versions(self):
        found = {}
        with connection.cursor() as cursor:
            for table in KEPT_TABLES:
                cursor.execute(f"SELECT ctid::text, t::text FROM {table} t")
                found[table] = sorted(cursor.fetchall())
        return found


def stored(key):
    return Video.objects.get(video_id=key)


def vars_of(counts):
    return {name: getattr(counts, name) for name in COUNTED}


def described(video):
    """A model's video in the form of `state_of_videos`."""
    conflicts = {n: (c.base, c.ours, c.theirs) for n, c in video.conflicts.items()}
    return {
        "wanted": video.wanted,
        "seen": video.seen,
        "pending": video.pending,
        "conflicts": conflicts,
        "asset": (video.asset, video.has_several),
        "length": video.length_seconds,
        "views": (video.views, video.previous_views),
    }


def state_of_videos():
    related = ("snapshot", "statistics", "primary_asset")
    videos = Video.objects.select_related(*related).prefetch_related("conflicts")
    return {video.video_id: state_of(video) for video in videos}


def state_of(video):
    asset, counters = video.primary_asset, video.statistics
    open_ones = (c for c in video.conflicts.all() if c.state == "open")
    return {
        "wanted": {name: getattr(video, name) for name in PUSHABLE},
        "seen": {name: getattr(video.snapshot, name) for name in PUSHABLE},
        "pending": set(video.pending_fields),
        "conflicts": {c.field: (c.base, c.ours, c.theirs) for c in open_ones},
        "asset": (asset and asset.asset_id, video.has_several_assets),
        "length": video.length_seconds,
        "views": (counters.view_count, counters.previous_view_count),
    }


def see_that_nothing_is_lost(before, batch):
    """Two promises that need no model of the rules, field by field."""
    for key, now in state_of_videos().items():
        for name in PUSHABLE if key in before else ():
            see_field(before[key], now, name, batch.source)


def see_field(before, now, name, source):
    wanted, seen = before.wanted[name], before.seen[name]
    is_edited = wanted != model.or_empty(name, seen)
    if is_edited or name in before.pins:
        assert now["wanted"][name] == wanted
    is_new = now["seen"][name] not in (seen, wanted)
    if is_new and is_edited and name not in before.pins and source != "push_reply":
        open_before = before.conflicts.get(name)
        returned = open_before and now["seen"][name] == open_before.base
        assert returned or name in now["conflicts"]


def test_random_histories_never_lose_an_edit_or_miss_a_conflict(db, budget):
    limits = settings(
        # Two seconds each: the deep run ends within half an hour on two cores.
        max_examples=budget(10, 600),
        stateful_step_count=budget(12, 40),
        deadline=None,
        # A step costs some hundredths of a second: shrinking takes minutes.
        phases=budget(QUICK_PHASES, tuple(Phase)),
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(History, settings=limits)
