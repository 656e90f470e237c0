"""Which asset a video's music metadata comes from."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from catalog.changesets.primary_assets import BY_RULE, PRIMARY_ASSET, was_by_rule
from catalog.choices import Source
from catalog.exceptions import ForeignAssetError
from catalog.models import Asset, Change, ChangeSet, Claim, Video
from catalog.observations.merge import hold_owner
from catalog.observations.observe import observe
from catalog.services.edits import record_change_set, short_wait


def choose_primary_asset(
    *,
    video: Video,
    asset: Asset | None,
    actor: User,
    reverts: ChangeSet | None = None,
) -> ChangeSet | None:
    """Let a person's choice win over the rule; None returns to the rule.

    What the asset says is then an observation like any other: unedited values
    follow it, edited ones stay or become conflicts. Returns None when nothing
    changes. Raises ForeignAssetError for an asset without a claim on the video,
    and RowLockedError.
    """
    with transaction.atomic(), short_wait():
        hold_owner(video.channel.content_owner_id)
        locked = Video.objects.select_for_update(of=("self",)).get(pk=video.pk)
        is_choice = asset is not None and not was_by_rule(reverts)
        if not _moves(locked, asset if is_choice else None):
            return None
        _choose(locked, asset, is_choice=is_choice)
        kind = ChangeSet.Kind.REVERT if reverts else ChangeSet.Kind.FORM
        made = ChangeSet(kind=kind, actor=actor, reverts=reverts)
        _note_who_chose(made, locked)
        made.save()
        return _record(made, video, locked.primary_asset)


def restore_primary_asset(
    *, video: Video, change: Change, actor: User
) -> ChangeSet | None:
    """Choose the asset from before a change; the rule decides where it did before.

    Raises what `choose_primary_asset` raises.
    """
    return choose_primary_asset(
        video=video,
        asset=_asset_of(change.old),
        actor=actor,
        reverts=change.change_set,
    )


def apply_choice(change_set: ChangeSet) -> None:
    """Carry out a planned choice; skip it when another asset was chosen since.

    Needs an atomic block. Raises ForeignAssetError and RowLockedError.
    """
    planned = change_set.changes.select_related("video__channel")
    change = planned.get(outcome=Change.Outcome.PLANNED)
    video = change.video
    assert video is not None, "only videos have a primary asset"
    hold_owner(video.channel.content_owner_id)
    locked = Video.objects.select_for_update(of=("self",)).get(pk=video.pk)
    if _id_of(locked.primary_asset) != change.old:
        change.outcome = Change.Outcome.MOVED
        change.save(update_fields=["outcome"])
        return change_set.mark_applied(0, 1)
    asset = _asset_of(change.new)
    is_choice = asset is not None and not was_by_rule(change_set.reverts)
    _choose(locked, asset, is_choice=is_choice)
    _note_who_chose(change_set, locked)
    change_set.save(update_fields=["plan_source"])
    after = Video.objects.select_related("primary_asset").get(pk=video.pk)
    change.outcome, change.row_version = Change.Outcome.APPLIED, after.row_version
    change.new, change.created_at = _id_of(after.primary_asset), timezone.now()
    change.save(update_fields=["outcome", "row_version", "new", "created_at"])
    return change_set.mark_applied(1)


def _asset_of(asset_id: str | None) -> Asset | None:
    asset = Asset.objects.filter(asset_id=asset_id).first() if asset_id else None
    if asset_id and asset is None:
        raise ForeignAssetError(asset_id=asset_id)
    return asset


def _id_of(asset: Asset | None) -> str | None:
    return asset.asset_id if asset else None


def _note_who_chose(change_set: ChangeSet, before: Video) -> None:
    """Note whether the rule had chosen, so that a revert gives the choice back."""
    change_set.plan_source[BY_RULE] = not before.is_asset_chosen


def _choose(video: Video, asset: Asset | None, *, is_choice: bool) -> None:
    """Write the choice and let the asset's metadata follow; a locked video."""
    if asset and not Claim.objects.active().for_video(video).filter(asset=asset):
        raise ForeignAssetError(asset_id=asset.asset_id)
    Video.objects.filter(pk=video.pk).update(
        is_asset_chosen=is_choice, primary_asset=asset or video.primary_asset
    )
    _judge_again(video)


def _moves(video: Video, asset: Asset | None) -> bool:
    if asset is None:
        return video.is_asset_chosen
    return not video.is_asset_chosen or video.primary_asset_id != asset.pk


def _judge_again(video: Video) -> None:
    observe(
        content_owner=video.channel.content_owner,
        source=Source.ASSET_CHOICE,
        as_of=timezone.now(),
        reconsidered=[video.video_id],
    )


def _record(change_set: ChangeSet, video: Video, before: Asset | None) -> ChangeSet:
    after = Video.objects.select_related("primary_asset").get(pk=video.pk)
    Change.objects.create(
        change_set=change_set,
        video=video,
        field=PRIMARY_ASSET,
        old=_id_of(before),
        new=_id_of(after.primary_asset),
        row_version=after.row_version,
    )
    change_set.mark_applied(1)
    record_change_set(change_set)
    return change_set
