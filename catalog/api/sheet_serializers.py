"""How spreadsheets look in the API, and what can be asked of them."""

from typing import Any

from rest_framework import serializers

from catalog.api.uploads import SEPARATORS, ColumnsField, SheetFileSerializer
from catalog.models import ColumnMapping, Spreadsheet, SpreadsheetFinding
from catalog.spreadsheets.cells import CLEAR_TOKEN, LIST_SEPARATOR
from catalog.spreadsheets.reading import ENCODINGS
from ytmanager.api_fields import TextField, YesNoField


class SpreadsheetSerializer(serializers.ModelSerializer[Spreadsheet]):
    """A sheet, how far it is, and its account."""

    actor = serializers.CharField(source="actor.username")
    counts = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Rows, matched rows, edits, and findings of each kind.",
    )

    class Meta:
        model = Spreadsheet
        fields: tuple[str, ...] = (
            "pk",
            "name",
            "target",
            "state",
            "error",
            "reason",
            "size",
            "actor",
            "counts",
            "change_set",
            "created_at",
            "updated_at",
        )
        read_only_fields: tuple[str, ...] = fields


class SpreadsheetDetailSerializer(SpreadsheetSerializer):
    """A sheet with its columns and how its cells are read."""

    header = serializers.ListField(child=serializers.CharField(allow_blank=True))
    columns = serializers.ListField(
        child=serializers.CharField(allow_blank=True),
        help_text="What each column is taken for; '' is left out.",
    )
    saved_as = serializers.CharField(source="mapping.name", allow_null=True)

    class Meta(SpreadsheetSerializer.Meta):
        fields = (
            *SpreadsheetSerializer.Meta.fields,
            "encoding",
            "header_line",
            "header",
            "columns",
            "key_column",
            "clear_token",
            "list_separator",
            "takes_repairs",
            "saved_as",
        )
        read_only_fields = fields


class SpreadsheetFindingSerializer(serializers.ModelSerializer[SpreadsheetFinding]):
    """A row or cell that was not taken as it stands."""

    class Meta:
        model = SpreadsheetFinding
        fields = ("line", "column", "value", "kind", "reason")


class SheetUploadSerializer(SheetFileSerializer):
    """An edited export, a label copy, or the list of channels."""

    reason = TextField(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text="Shown in the history of each video.",
    )


class SheetColumnsSerializer(serializers.Serializer[Any]):
    """What each column of the sheet is, and how its cells are read."""

    target = serializers.ChoiceField(
        Spreadsheet.TARGETS, default="videos", help_text="What the rows are about."
    )
    columns = ColumnsField()
    key = TextField(
        max_length=40, allow_blank=True, help_text="The column by which rows are found."
    )
    list_separator = serializers.ChoiceField(SEPARATORS, default=LIST_SEPARATOR)
    clear_token = TextField(
        max_length=40,
        default=CLEAR_TOKEN,
        allow_blank=True,
        help_text="A blank cell leaves the value alone; this word empties it.",
    )
    save_as = TextField(
        max_length=100,
        default="",
        allow_blank=True,
        help_text="Read sheets with this header so without asking.",
    )


class EncodingSerializer(serializers.Serializer[Any]):
    """In which encoding the file is."""

    encoding = serializers.ChoiceField(list(ENCODINGS.items()))


class CompareSerializer(serializers.Serializer[Any]):
    """Whether the repairs that were offered are taken."""

    takes_repairs = YesNoField(
        required=False, help_text="As for UPCs that lost a zero; else as before."
    )


class ColumnMappingSerializer(serializers.ModelSerializer[ColumnMapping]):
    """A reading of columns under a name."""

    header = serializers.ListField(child=serializers.CharField(allow_blank=True))
    columns = serializers.ListField(child=serializers.CharField(allow_blank=True))
    saved_by = serializers.CharField(source="saved_by.username", allow_null=True)

    class Meta:
        model = ColumnMapping
        fields = (
            "pk",
            "name",
            "target",
            "header",
            "columns",
            "key_column",
            "clear_token",
            "list_separator",
            "saved_by",
            "updated_at",
        )
        read_only_fields = fields
