"""Addresses of the API: one router over every app's resources, and its schema."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from catalog.api.change_sets import ChangeSetViewSet
from catalog.api.channels import ChannelViewSet
from catalog.api.claims import (
    ClaimViewSet,
    ContentOwnerViewSet,
    OwnershipConflictViewSet,
)
from catalog.api.clean_up import CleanUpViewSet
from catalog.api.conflicts import ConflictViewSet
from catalog.api.never_split import NeverSplitNameViewSet
from catalog.api.people import MeViewSet, PersonViewSet
from catalog.api.primary_assets import PrimaryAssetViewSet
from catalog.api.release_lists import ReleaseListViewSet, ReleaseViewSet
from catalog.api.release_matches import ReleaseMatchViewSet
from catalog.api.shorts import ShortsVerdictViewSet
from catalog.api.spellings import SpellingViewSet
from catalog.api.spreadsheets import ColumnMappingViewSet, SpreadsheetViewSet
from catalog.api.views import AssetViewSet, VideoViewSet
from reports.api.sources import ReportSourceViewSet
from reports.api.views import ReportViewSet
from webhooks.api.deliveries import WebhookDeliveryViewSet
from webhooks.api.endpoints import WebhookEndpointViewSet
from youtube_sync.api.plans import PlanViewSet
from youtube_sync.api.records import AccountViewSet, QuotaViewSet, SyncRecordViewSet
from youtube_sync.api.refreshes import RefreshViewSet
from youtube_sync.api.sync_video import SyncVideoViewSet
from ytmanager.api import UnknownAddressView
from ytmanager.api_events import EventViewSet
from ytmanager.api_kept import SchemaView
from ytmanager.api_notifications import NotificationViewSet
from ytmanager.api_tokens import TokenViewSet

router = DefaultRouter()
router.include_format_suffixes = False
router.register("videos", VideoViewSet, basename="video")
router.register("channels", ChannelViewSet, basename="channel")
router.register("assets", AssetViewSet, basename="asset")
router.register("claims", ClaimViewSet, basename="claim")
router.register("conflicts", ConflictViewSet, basename="conflict")
router.register(
    "ownership-conflicts", OwnershipConflictViewSet, basename="ownership-conflict"
)
router.register("content-owners", ContentOwnerViewSet, basename="content-owner")
router.register("release-lists", ReleaseListViewSet, basename="release-list")
router.register("releases", ReleaseViewSet, basename="release")
router.register("release-matches", ReleaseMatchViewSet, basename="release-match")
router.register("spreadsheets", SpreadsheetViewSet, basename="spreadsheet")
router.register("column-mappings", ColumnMappingViewSet, basename="column-mapping")
router.register("never-split-names", NeverSplitNameViewSet, basename="never-split-name")
router.register("shorts-verdicts", ShortsVerdictViewSet, basename="shorts-verdict")
router.register("change-sets", ChangeSetViewSet, basename="change-set")
router.register("reports", ReportViewSet, basename="report")
router.register("report-sources", ReportSourceViewSet, basename="report-source")
router.register("push-plans", PlanViewSet, basename="push-plan")
router.register("sync-records", SyncRecordViewSet, basename="sync-record")
router.register("youtube-accounts", AccountViewSet, basename="youtube-account")
router.register("refresh-runs", RefreshViewSet, basename="refresh-run")
router.register(
    "webhook-endpoints", WebhookEndpointViewSet, basename="webhook-endpoint"
)
router.register(
    "webhook-deliveries", WebhookDeliveryViewSet, basename="webhook-delivery"
)
router.register("notifications", NotificationViewSet, basename="notification")
router.register("people", PersonViewSet, basename="person")
router.register("tokens", TokenViewSet, basename="token")

sync_video = SyncVideoViewSet.as_view({"get": "preview", "post": "push"})
primary_asset = PrimaryAssetViewSet.as_view({"put": "choose_asset"})
clean_up = CleanUpViewSet.as_view({"get": "outlook", "post": "plan"})
spellings = SpellingViewSet.as_view({"get": "groups"})
me = MeViewSet.as_view({"get": "show"})
events = EventViewSet.as_view({"get": "retrieve"})
quota = QuotaViewSet.as_view({"get": "retrieve"})

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(), name="api-docs"),
    path("videos/<str:video_id>/sync/", sync_video, name="video-sync"),
    path(
        "videos/<str:video_id>/primary-asset/",
        primary_asset,
        name="video-primary-asset",
    ),
    path("custom-id-clean-up/", clean_up, name="custom-id-clean-up"),
    path("spellings/", spellings, name="spellings"),
    path("me/", me, name="me"),
    path("events/", events, name="events"),
    path("quota/", quota, name="quota"),
    *router.urls,
    # Only with the slash at its end: without, Django redirects to that.
    re_path(r"^[\s\S]+/$", UnknownAddressView.as_view()),
]
