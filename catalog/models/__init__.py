"""The catalogue's models, by noun."""

from catalog.models.asset import Asset, Claim
from catalog.models.bulk import NeverSplitName
from catalog.models.changeset import Change, ChangeSet, Conflict
from catalog.models.channel import Channel, ChannelStatistics
from catalog.models.figures import DailyFigure
from catalog.models.highlight import Highlight, HighlightCount, HighlightKind
from catalog.models.owner import ContentOwner
from catalog.models.ownership import OwnershipConflict
from catalog.models.release import Release, ReleaseList, ReleaseMatch
from catalog.models.scope import Scope
from catalog.models.selection import SelectedVideo
from catalog.models.short import NonYouTubeShorts, ShortsVerdict, YouTubeShorts
from catalog.models.snapshot import Observation, PushedValue, VideoSnapshot
from catalog.models.spreadsheet import ColumnMapping, Spreadsheet, SpreadsheetFinding
from catalog.models.video import Video, VideoStatistics

__all__ = [
    "Asset",
    "Change",
    "ChangeSet",
    "Channel",
    "ChannelStatistics",
    "Claim",
    "ColumnMapping",
    "Conflict",
    "ContentOwner",
    "DailyFigure",
    "Highlight",
    "HighlightCount",
    "HighlightKind",
    "NeverSplitName",
    "NonYouTubeShorts",
    "Observation",
    "OwnershipConflict",
    "PushedValue",
    "Release",
    "ReleaseList",
    "ReleaseMatch",
    "Scope",
    "SelectedVideo",
    "ShortsVerdict",
    "Spreadsheet",
    "SpreadsheetFinding",
    "Video",
    "VideoSnapshot",
    "VideoStatistics",
    "YouTubeShorts",
]
