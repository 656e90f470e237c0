"""The answer to whatever plans a change set, which a worker then works out."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from catalog.api.change_set_serializers import ChangeSetSerializer
from catalog.models import ChangeSet
from ytmanager.api import action_body, action_response

PLANNED = {202: action_body(ChangeSetSerializer())}


def show_planned(change_set: ChangeSet, request: Request) -> Response:
    """202; `Location` leads to the change set."""
    address = reverse("change-set-detail", args=[change_set.pk], request=request)
    shown = dict(ChangeSetSerializer(change_set).data)
    return action_response(shown, status=202, location=address)
