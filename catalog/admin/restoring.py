"""A button beside each line of a history that brings the old value back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog.services.reverts import restore_value
from catalog.templatetags.catalog_values import field_label
from ytmanager.admin import ModelAdmin, actor_of, report_errors


class RestoreButton(ModelAdmin):
    """For videos and channels: whoever may edit one may restore its values."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.restore_view))
        name = f"catalog_{self.opts.model_name}_restore"
        return [
            path("<int:pk>/restore/<int:change_pk>/", view, name=name),
            *super().get_urls(),
        ]

    def restore_view(
        self, request: HttpRequest, pk: int, change_pk: int
    ) -> HttpResponse:
        """POST: save the value that a field had before one of its changes."""
        model = self.opts.model_name
        self.require(request, f"catalog.change_{model}")
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        change = get_object_or_404(row.changes.history(), pk=change_pk)
        with report_errors(request):
            restored = restore_value(change=change, actor=actor_of(request))
            label = field_label(change.field)
            done = f"Restored: {label}." if restored else f"Nothing to do: {label}."
            messages.success(request, done)
        return HttpResponseRedirect(reverse(f"admin:catalog_{model}_change", args=[pk]))
