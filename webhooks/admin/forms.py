"""What an administrator decides about an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminURLInputWidget,
)

from webhooks.client import get_webhook_client
from webhooks.exceptions import TargetRefusedError
from webhooks.models import EVENT_TYPES, WebhookEndpoint

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[WebhookEndpoint]
else:
    ModelForm = forms.ModelForm


class WebhookEndpointForm(ModelForm):
    """Name, address and events; the secret is made by the system."""

    url = forms.URLField(
        max_length=500,
        label="Address",
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="Called with POST. It answers with a status from 200 to 299 "
        "within 10 seconds.",
    )
    event_types = forms.MultipleChoiceField(
        choices=EVENT_TYPES,
        label="Events",
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="What each event says: docs/live-events.md.",
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url", "event_types")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            get_webhook_client().check_target(url)
        except TargetRefusedError as error:
            raise forms.ValidationError(error.message) from error
        return url
