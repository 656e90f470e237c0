"""The rules of the merge in plain Python: what a catalogue must hold at any time.

Written from the table of rules, not from the SQL, with one row at a time. It knows
a few fields of each shape and group; the database must agree with it after every
step of `test_model.py`.
"""

from collections import Counter
from dataclasses import dataclass, field

ASSET_PART = {"label", "artist"}
GROUPS = {
    "description": "snippet",
    "tags": "snippet",
    "embeddable": "status",
    "label": "asset",
    "artist": "asset",
    "length_seconds": "snippet",
    "view_count": "counters",
}
PUSHABLE = ("description", "tags", "embeddable", "label", "artist")
EMPTY = {"description": "", "tags": [], "embeddable": None, "label": "", "artist": []}
API_READS = {"refresh", "push_read"}


@dataclass
class Conflict:
    """What a person sees side by side."""

    base: object
    ours: object
    theirs: object


@dataclass
class VideoState:
    """One video: wanted, seen (the snapshot; None: never), and what explains them."""

    key: str
    wanted: dict = field(default_factory=lambda: dict(EMPTY))
    seen: dict = field(default_factory=lambda: dict.fromkeys(PUSHABLE))
    ages: dict = field(default_factory=dict)
    length_seconds: int | None = None
    views: int | None = None
    previous_views: int | None = None
    pins: set = field(default_factory=set)
    claims: dict = field(default_factory=dict)
    asset: str | None = None
    has_several: bool = False
    is_chosen: bool = False
    conflicts: dict = field(default_factory=dict)
    # Field -> the value that a push of the last hour replaced.
    pushed: dict = field(default_factory=dict)
    # Field -> the value that a person replaced last, unless YouTube's came since.
    replaced: dict = field(default_factory=dict)

    @property
    def pending(self):
        """The fields that a push would send."""
        return {
            name
            for name in PUSHABLE
            if self.wanted[name] != or_empty(name, self.seen[name])
            and (name not in ASSET_PART or self.asset)
        }

    def edit(self, name, value):
        """A person's wish; the same value again is none."""
        if value == self.wanted[name]:
            return
        self.replaced[name], self.wanted[name] = self.wanted[name], value
        if conflict := self.conflicts.get(name):
            conflict.ours = value
            if value == conflict.theirs:
                del self.conflicts[name]

    def choose_by_rule(self):
        ours = [asset_id for asset_id, is_ours in self.claims.items() if is_ours]
        self.has_several = len(ours) > 1
        if not self.is_chosen:
            self.asset = min(ours, default=None)


@dataclass
class AssetState:
    """Provided metadata; `as_of` is None until an asset report or read spoke."""

    facts: dict = field(default_factory=dict)
    as_of: int | None = None


def or_empty(name, value):
    return EMPTY[name] if value is None else value


def is_untouched(video, name, base):
    """Nobody edited the field since YouTube's value came in."""
    return video.wanted[name] == or_empty(name, base)


@dataclass
class Batch:
    """One observation: rows by video, assets by id, claims as (video, asset): ours."""

    source: str
    as_of: int
    rows: dict = field(default_factory=dict)
    assets: dict = field(default_factory=dict)
    claims: dict = field(default_factory=dict)
    sent: dict = field(default_factory=dict)

    @property
    def groups(self):
        """Of which groups of facts this source says anything."""
        groups = {GROUPS[name] for row in self.rows.values() for name in row}
        return groups | ({"claims"} if self.claims else set())

    def fact(self, video_id, name):
        return self.rows.get(video_id, {}).get(name)


class CatalogueModel:
    """Videos and assets of one content owner."""

    def __init__(self):
        self.videos = {}
        self.assets = {}

    def observe(self, batch):
        """Take in one batch; returns what it counts."""
        merge = Merge(self, batch)
        merge.run()
        return merge.counts

    def choose(self, key, asset_id):
        """A person's choice of the asset; None gives it back to the rule."""
        video = self.videos[key]
        if asset_id is None and not video.is_chosen:
            return
        if asset_id == video.asset and video.is_chosen:
            return
        video.is_chosen = asset_id is not None
        video.asset = asset_id or video.asset
        video.choose_by_rule()
        merge = Merge(self, Batch("asset_choice", 0))
        for name in sorted(ASSET_PART) if video.asset else ():
            theirs = merge.theirs(key, video, name, in_scope=True)
            if theirs is not None and theirs != video.seen[name]:
                merge.decide(video, name, theirs)


class Merge:
    """One batch at work."""

    def __init__(self, catalogue, batch):
        self.catalogue, self.batch = catalogue, batch
        self.counts = Counter()
        self.new = [key for key in batch.rows if key not in catalogue.videos]
        self.known = [key for key in batch.rows if key in catalogue.videos]
        self.ages = {key: dict(v.ages) for key, v in catalogue.videos.items()}
        self.moved, self.counted = set(), set()

    def run(self):
        changed_assets = self.take_assets()
        in_scope = self.take_claims()
        in_scope |= {
            key
            for key, video in self.catalogue.videos.items()
            if changed_assets & set(video.claims)
        }
        for key in self.new:
            self.create(key)
        for key in sorted({*self.known, *in_scope} - set(self.new)):
            self.follow(key, in_scope)
        for key in self.batch.rows:
            self.advance(self.catalogue.videos[key])
        self.count()

    def is_fresh(self, key, group):
        age = self.ages.get(key, {}).get(group)
        return age is None or age <= self.batch.as_of

    def take_assets(self):
        """Assets first; returns those whose metadata moved."""
        changed = set()
        for asset_id, facts in self.batch.assets.items():
            if asset_id not in self.catalogue.assets:
                self.catalogue.assets[asset_id] = self.new_asset(facts)
                continue
            asset = self.catalogue.assets[asset_id]
            speaks = self.may_speak(asset_id, asset)
            for name, value in facts.items():
                if asset.facts.get(name) is None or speaks:
                    changed |= {asset_id} if asset.facts.get(name) != value else set()
                    asset.facts[name] = value
            if not self.batch.rows and (asset.as_of or 0) <= self.batch.as_of:
                asset.as_of = self.batch.as_of
        for _, asset_id in self.batch.claims:
            self.catalogue.assets.setdefault(asset_id, AssetState())
        return changed

    def new_asset(self, facts):
        return AssetState(dict(facts), None if self.batch.rows else self.batch.as_of)

    def may_speak(self, asset_id, asset):
        """Rows of videos speak only until an asset report did."""
        if not self.batch.rows:
            return asset.as_of is None or asset.as_of <= self.batch.as_of
        named = any(
            claimed == asset_id and self.is_fresh(key, "claims")
            for key, claimed in self.batch.claims
        )
        return asset.as_of is None and named

    def take_claims(self):
        """Returns the videos whose claims moved."""
        moved = set()
        for (key, asset_id), is_ours in self.batch.claims.items():
            if key in self.new or not self.is_fresh(key, "claims"):
                continue
            claims = self.catalogue.videos[key].claims
            if claims.get(asset_id) is not is_ours:
                claims[asset_id] = is_ours
                moved.add(key)
        self.moved |= moved
        return moved

    def create(self, key):
        video = self.catalogue.videos[key] = VideoState(key)
        for (claimed, asset_id), is_ours in self.batch.claims.items():
            if claimed == key:
                video.claims[asset_id] = is_ours
        video.choose_by_rule()
        for name in PUSHABLE:
            video.seen[name] = self.theirs(key, video, name, in_scope=True)
            video.wanted[name] = or_empty(name, video.seen[name])
        video.length_seconds = self.batch.fact(key, "length_seconds")
        video.views = self.batch.fact(key, "view_count")

    def theirs(self, key, video, name, *, in_scope):
        """The new fact about one field; None says nothing."""
        if name not in ASSET_PART or not video.asset:
            return self.batch.fact(key, name)
        asset = self.catalogue.assets[video.asset]
        return asset.facts.get(name) if in_scope else None

    def follow(self, key, scope):
        video = self.catalogue.videos[key]
        before = (video.asset, video.has_several)
        if key in scope:
            video.choose_by_rule()
        if before != (video.asset, video.has_several):
            self.moved.add(key)
        for name in PUSHABLE:
            theirs = self.theirs(key, video, name, in_scope=key in scope)
            is_of_asset = name in ASSET_PART and video.asset
            fresh = is_of_asset or self.is_fresh(key, GROUPS[name])
            if theirs is None or theirs == video.seen[name]:
                continue
            if self.is_in_grace(video, name) and theirs == video.pushed[name]:
                continue
            if fresh or video.seen[name] is None:
                self.moved.add(key)
                self.decide(video, name, theirs)
        self.follow_length(key, video)
        self.follow_counters(key, video)

    def follow_length(self, key, video):
        length = self.batch.fact(key, "length_seconds")
        is_news = length is not None and length != video.length_seconds
        if is_news and self.is_fresh(key, "snippet"):
            video.length_seconds = length
            self.moved.add(key)

    def follow_counters(self, key, video):
        views = self.batch.fact(key, "view_count")
        is_news = views is not None and views != video.views
        if is_news and self.is_fresh(key, "counters"):
            video.views, video.previous_views = views, video.views
            self.counted.add(key)

    def decide(self, video, name, theirs):
        """The table of rules, for a fact that differs from the snapshot."""
        base, is_in_grace = video.seen[name], self.is_in_grace(video, name)
        sent = self.sent_value(video, name)
        is_agreed = theirs == video.wanted[name]
        if self.is_confirmed(sent, is_agreed=is_agreed):
            video.pushed[name] = base
        video.seen[name] = theirs
        if is_agreed:
            video.conflicts.pop(name, None)
            self.counts["agreed"] += 1
        elif name in video.conflicts:
            self.meet_conflict(video, name, theirs, sent)
        elif theirs == sent and self.keeps(video, name, base, sent):
            pass
        elif name in video.pins:
            self.counts["pinned_kept"] += 1
        elif is_untouched(video, name, base) and not is_in_grace:
            video.wanted[name] = theirs
            if base is not None:
                video.replaced.pop(name, None)
        else:
            video.conflicts[name] = Conflict(base, video.wanted[name], theirs)
            self.counts["conflicts"] += 1

    def is_in_grace(self, video, name):
        """A read from the API soon after a push of this field."""
        return self.batch.source in API_READS and name in video.pushed

    def is_confirmed(self, sent, *, is_agreed):
        """The fact tells that a push of ours arrived."""
        if self.batch.source == "push_reply":
            return is_agreed or sent is not None
        return self.batch.source == "push_read" and is_agreed

    def meet_conflict(self, video, name, theirs, sent):
        """A fourth value renews it, the base ends it."""
        if theirs == video.conflicts[name].base:
            del video.conflicts[name]
            return
        video.conflicts[name].theirs = theirs
        if theirs != sent:
            kept = "pinned_kept" if name in video.pins else "conflicts"
            self.counts[kept] += 1

    def sent_value(self, video, name):
        of_asset = name in ASSET_PART and video.asset in self.batch.sent
        target = video.asset if of_asset else video.key
        return self.batch.sent.get(target, {}).get(name)

    def keeps(self, video, name, base, sent):
        """Edited while its push was under way, perhaps back to the old value.

        Other videos of a pushed asset, which nobody edited, follow instead.
        """
        if name not in ASSET_PART or not is_untouched(video, name, base):
            return True
        return name in video.replaced and video.replaced[name] == sent

    def advance(self, video):
        for group in self.batch.groups:
            video.ages[group] = max(video.ages.get(group, 0), self.batch.as_of)

    def count(self):
        """Each row once: new, changed, counters only, older or unchanged."""
        self.counts["videos_new"] = len(self.new)
        for key in self.known:
            self.counts[f"videos_{self.outcome(key)}"] += 1
        if not self.batch.rows:
            self.counts["videos_changed"] = len(self.moved)

    def outcome(self, key):
        if key in self.moved:
            return "changed"
        if key in self.counted:
            return "counters_only"
        is_older = any(not self.is_fresh(key, g) for g in self.batch.groups)
        return "older" if is_older else "unchanged"
