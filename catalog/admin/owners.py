"""Content owners: the accounts in YouTube's CMS."""

from django.contrib import admin
from django.http import HttpRequest

from catalog.models import ContentOwner
from ytmanager.admin import ModelAdmin


@admin.register(ContentOwner)
class ContentOwnerAdmin(ModelAdmin):
    """Added by people or by the first report that names them; never deleted."""

    list_display = ("name", "content_owner_id", "created_at")
    search_fields = ("name", "content_owner_id")
    fields = ("name", "content_owner_id")

    def has_delete_permission(
        self, request: HttpRequest, obj: ContentOwner | None = None
    ) -> bool:
        return False
