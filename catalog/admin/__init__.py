"""The admin of the catalogue: one module per model."""

from catalog.admin.assets import AssetAdmin, ClaimAdmin
from catalog.admin.changes import ChangeAdmin
from catalog.admin.changesets import ChangeSetAdmin
from catalog.admin.channels import ChannelAdmin
from catalog.admin.conflicts import ConflictAdmin
from catalog.admin.owners import ContentOwnerAdmin
from catalog.admin.ownership import OwnershipConflictAdmin
from catalog.admin.releases import ReleaseAdmin, ReleaseListAdmin
from catalog.admin.releases_matches import ReleaseMatchAdmin
from catalog.admin.scopes import add_scopes
from catalog.admin.shorts import NonYouTubeShortsAdmin, YouTubeShortsAdmin
from catalog.admin.shorts_review import ShortsReviewAdmin
from catalog.admin.spreadsheets import ColumnMappingAdmin, SpreadsheetAdmin
from catalog.admin.videos import VideoAdmin

__all__ = [
    "AssetAdmin",
    "ChangeAdmin",
    "ChangeSetAdmin",
    "ChannelAdmin",
    "ClaimAdmin",
    "ColumnMappingAdmin",
    "ConflictAdmin",
    "ContentOwnerAdmin",
    "NonYouTubeShortsAdmin",
    "OwnershipConflictAdmin",
    "ReleaseAdmin",
    "ReleaseListAdmin",
    "ReleaseMatchAdmin",
    "ShortsReviewAdmin",
    "SpreadsheetAdmin",
    "VideoAdmin",
    "YouTubeShortsAdmin",
]

add_scopes()
