"""Addresses: the admin at the root, the API, health checks."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from ytmanager.health import healthz, readyz
from ytmanager.metrics import metrics

handler500 = "ytmanager.unavailable.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("api/", include("ytmanager.api_urls")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
]
