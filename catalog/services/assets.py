"""Which asset a video's music metadata comes from."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from catalog.choices import Source
from catalog.exceptions import ForeignAssetError
from catalog.models import Asset, Change, ChangeSet, Claim, Video
from catalog.observations.merge import hold_owner
from catalog.observations.observe import observe
from catalog.services.edits import record_change_set, short_wait

PRIMARY_ASSET = "primary_asset"  # in the history; its values are asset IDs


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
        if not _moves(locked, asset):
            return None
        if asset and not Claim.objects.active().for_video(video).filter(asset=asset):
            raise ForeignAssetError(asset_id=asset.asset_id)
        before = locked.primary_asset
        Video.objects.filter(pk=video.pk).update(
            is_asset_chosen=asset is not None, primary_asset=asset or before
        )
        _judge_again(video)
        kind = ChangeSet.Kind.REVERT if reverts else ChangeSet.Kind.FORM
        made = ChangeSet.objects.create(kind=kind, actor=actor, reverts=reverts)
        return _record(made, video, before)


def restore_primary_asset(
    *, video: Video, change: Change, actor: User
) -> ChangeSet | None:
    """Choose the asset from before a change; where none was, the rule decides.

    Raises what `choose_primary_asset` raises.
    """
    asset = Asset.objects.filter(asset_id=change.old).first() if change.old else None
    if change.old and asset is None:
        raise ForeignAssetError(asset_id=change.old)
    return choose_primary_asset(
        video=video, asset=asset, actor=actor, reverts=change.change_set
    )


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
        old=before and before.asset_id,
        new=after.primary_asset and after.primary_asset.asset_id,
        row_version=after.row_version,
    )
    change_set.mark_applied(1)
    record_change_set(change_set)
    return change_set
