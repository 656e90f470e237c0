"""Addresses: the admin at the root, the API; probes are in `ytmanager.probes`."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from ytmanager.admin.sample import remove_sample_view
from ytmanager.admin.system import system_status_view
from ytmanager.password_reset import addresses as password_reset_addresses

handler500 = "ytmanager.unavailable.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path(
        "admin/system/",
        admin.site.admin_view(system_status_view),
        name="system_status",
    ),
    path(
        "admin/sample/remove/",
        admin.site.admin_view(remove_sample_view),
        name="remove_sample",
    ),
    *password_reset_addresses(),
    path("admin/", admin.site.urls),
    path("api/", include("ytmanager.api_urls")),
]
