"""Forms whose rules live in a service: what it refuses shows at the fields."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest

from catalog.exceptions import InvalidEditError, RowLockedError, StaleEditError
from catalog.templatetags.catalog_values import described
from ytmanager.admin import ModelAdmin
from ytmanager.exceptions import YouTubeCMSError

REFUSALS = (InvalidEditError, StaleEditError, RowLockedError)
REFUSED = "_refused_edit"


class RefusableForm(forms.ModelForm):  # type: ignore[type-arg]
    """Collects values; a service judges and writes them."""

    refused: YouTubeCMSError | None = None

    def _post_clean(self) -> None:
        """Leave the instance as it is: the service writes, not the form."""

    def clean(self) -> dict[str, Any]:
        """Show what the service refused at the fields that it named."""
        if self.refused is not None:
            for name, texts in findings(self.refused, self.fields):
                self.add_error(name, texts)
        return self.cleaned_data


class RefusalsMixin(ModelAdmin):
    """Shows the page again, input kept, when a service refuses the edit.

    The service raises out of `save_model`, which rolls the request back; the
    page is then built again with a form that knows what was refused.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as error:
            setattr(request, REFUSED, error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"refused": refusal(request)})


def refusal(request: HttpRequest) -> YouTubeCMSError | None:
    """What the service refused earlier in this request."""
    return getattr(request, REFUSED, None)


def findings(
    error: YouTubeCMSError, names: Iterable[str]
) -> list[tuple[str | None, list[str]]]:
    """Messages by field; what belongs to no field of the form stands above it."""
    fields = error.details.get("fields") or {}
    if isinstance(error, StaleEditError):
        # The panel with mine, theirs and base says the rest.
        return [(name, [stale_text(moved)]) for name, moved in fields.items()]
    if not isinstance(error, InvalidEditError) or not fields:
        return [(NON_FIELD_ERRORS, [error.message])]
    return [
        (name, texts)
        if name in names
        else (NON_FIELD_ERRORS, [f"{name}: {text}" for text in texts])
        for name, texts in fields.items()
    ]


def stale_text(moved: dict[str, Any]) -> str:
    """What somebody else made of a field, and how to decide."""
    return (
        f"This is “{described(moved.get('theirs'))}” by now. Your value is still "
        "here: save again to replace it, or take theirs."
    )
