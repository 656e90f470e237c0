"""What the API's uploads of sheets share: the file, the reading of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from catalog.exceptions import InvalidEditError
from catalog.models import ColumnMapping
from catalog.spreadsheets.reading import MAX_COLUMNS
from ytmanager.api_fields import TextField

SEPARATORS = ColumnMapping.ListSeparator.choices


class SheetFileSerializer(serializers.Serializer[Any]):
    """A sheet as multipart form data."""

    file = serializers.FileField(
        max_length=200, allow_empty_file=True, help_text="CSV or Excel (.xlsx)."
    )


class ColumnsField(serializers.ListField):
    """What each column of a sheet is, by place; '' leaves it out."""

    def __init__(self, **facts: Any) -> None:
        name = TextField(allow_blank=True, max_length=40)
        facts.setdefault("help_text", "One name for each column; '' leaves it out.")
        super().__init__(child=name, max_length=MAX_COLUMNS, **facts)


def require_width(columns: Sequence[str], header: Sequence[str]) -> None:
    """Raises InvalidEditError unless every column of the sheet is answered for."""
    if len(columns) != len(header):
        raise InvalidEditError(
            f"The sheet has {len(header)} columns, but {len(columns)} were named. "
            "Name every column; an empty name leaves one out."
        )
