"""Addresses of the API: one router over every app's resources, and its schema."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from catalog.api.views import AssetViewSet, ChannelViewSet, VideoViewSet
from reports.api.views import ReportViewSet
from ytmanager.api import UnknownAddressView

router = DefaultRouter()
router.include_format_suffixes = False
router.register("videos", VideoViewSet, basename="video")
router.register("channels", ChannelViewSet, basename="channel")
router.register("assets", AssetViewSet, basename="asset")
router.register("reports", ReportViewSet, basename="report")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(), name="api-docs"),
    *router.urls,
    # Only with the slash at its end: without, Django redirects to that.
    re_path(r"^.+/$", UnknownAddressView.as_view()),
]
