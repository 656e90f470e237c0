"""Backups: what is in the store, a button to make one, a drill for any of them."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST
from procrastinate.exceptions import AlreadyEnqueued

from ytmanager import tasks
from ytmanager.admin.base import ModelAdmin, ReadOnlyAdminMixin
from ytmanager.models import Backup, BackupQuerySet
from ytmanager.templatetags.figures import thousands

ADD = "ytmanager.add_backup"


@admin.register(Backup)
class BackupAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Backups with size and age; made and tried out by jobs."""

    list_display = (
        "name", "state", "age", "bytes", "rows", "encrypted", "cause", "drill",
    )  # fmt: skip
    list_filter = ("state",)
    list_filter_submit = False
    list_before_template = "ytmanager/backups_before.html"
    actions = ("try_to_restore",)
    fields = (
        "name", "state", "problem", "taken_at", "finished_at", "bytes", "rows",
        "encrypted", "cause", "requested_by", "verified_at", "drill",
    )  # fmt: skip

    @admin.display(description="Age", ordering="taken_at")
    def age(self, backup: Backup) -> str:
        return timesince(backup.taken_at, depth=1)

    @admin.display(description="Size", ordering="size")
    def bytes(self, backup: Backup) -> str:
        return filesizeformat(backup.size) if backup.size else "–"

    @admin.display(description="Rows", ordering="row_count")
    def rows(self, backup: Backup) -> str:
        return thousands(backup.row_count)

    @admin.display(description="Encrypted", ordering="is_encrypted")
    def encrypted(self, backup: Backup) -> str:
        return "Yes" if backup.is_encrypted else "No"

    @admin.display(description="Restore drill", ordering="verified_at")
    def drill(self, backup: Backup) -> str:
        if backup.verified_at is None:
            return "Not tried"
        if backup.verify_problem:
            return f"Failed: {backup.verify_problem}"
        return f"Everything came back, {timesince(backup.verified_at, depth=1)} ago"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.make_view))
        name = "ytmanager_backup_make"
        return [path("make/", view, name=name), *super().get_urls()]

    def has_try_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ADD)

    def make_view(self, request: HttpRequest) -> HttpResponse:
        """POST starts a backup."""
        self.require(request, ADD)
        try:
            with transaction.atomic():
                tasks.make_backup.defer(cause="by_hand", actor_pk=request.user.pk)
        except AlreadyEnqueued:
            messages.info(request, "A backup waits already to be made.")
        else:
            messages.success(
                request, "The backup is being made. Load this page again in a minute."
            )
        return HttpResponseRedirect(reverse("admin:ytmanager_backup_changelist"))

    @admin.action(description="Try to restore", permissions=["try"])
    def try_to_restore(self, request: HttpRequest, queryset: BackupQuerySet) -> None:
        """One at a time: each fills a database of the size of ours."""
        names = list(queryset.stored().values_list("name", flat=True)[:2])
        if len(names) != 1:
            messages.error(request, "Choose one stored backup to try to restore.")
            return
        try:
            with transaction.atomic():
                tasks.verify_backup.defer(name=names[0])
        except AlreadyEnqueued:
            messages.info(request, "A restore drill waits already.")
            return
        messages.success(
            request,
            f"{names[0]} is being restored into a scratch database and compared.",
        )
