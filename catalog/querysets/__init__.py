"""Data access of the catalogue: conditions, annotations and look-ups."""

from catalog.querysets.assets import AssetQuerySet as AssetQuerySet
from catalog.querysets.assets import ClaimQuerySet as ClaimQuerySet
from catalog.querysets.assets import (
    OwnershipConflictQuerySet as OwnershipConflictQuerySet,
)
from catalog.querysets.change_sets import ChangeQuerySet as ChangeQuerySet
from catalog.querysets.change_sets import ChangeSetQuerySet as ChangeSetQuerySet
from catalog.querysets.change_sets import ConflictQuerySet as ConflictQuerySet
from catalog.querysets.change_sets import ObservationQuerySet as ObservationQuerySet
from catalog.querysets.channels import ChannelQuerySet as ChannelQuerySet
from catalog.querysets.channels import ContentOwnerQuerySet as ContentOwnerQuerySet
from catalog.querysets.highlights import (
    HighlightCountQuerySet as HighlightCountQuerySet,
)
from catalog.querysets.highlights import HighlightQuerySet as HighlightQuerySet
from catalog.querysets.releases import ReleaseListQuerySet as ReleaseListQuerySet
from catalog.querysets.releases import ReleaseMatchQuerySet as ReleaseMatchQuerySet
from catalog.querysets.releases import ReleaseQuerySet as ReleaseQuerySet
from catalog.querysets.search import search_words as search_words
from catalog.querysets.shorts import NonYouTubeShortsManager as NonYouTubeShortsManager
from catalog.querysets.shorts import ShortsVerdictQuerySet as ShortsVerdictQuerySet
from catalog.querysets.shorts import YouTubeShortsManager as YouTubeShortsManager
from catalog.querysets.spreadsheets import (
    SpreadsheetFindingQuerySet as SpreadsheetFindingQuerySet,
)
from catalog.querysets.spreadsheets import SpreadsheetQuerySet as SpreadsheetQuerySet
from catalog.querysets.videos import VideoQuerySet as VideoQuerySet
from catalog.querysets.visibility import AnyUser as AnyUser
from catalog.querysets.visibility import ScopeQuerySet as ScopeQuerySet
from catalog.querysets.visibility import ScopeView as ScopeView
from catalog.querysets.visibility import VisibleMixin as VisibleMixin
from catalog.querysets.visibility import is_scoped as is_scoped
from catalog.querysets.visibility import scope_of as scope_of
from catalog.querysets.visibility import with_scope as with_scope
