"""Uploaded spreadsheets, saved readings of their columns, and what was not taken."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.changeset import ChangeSet
from catalog.querysets import SpreadsheetFindingQuerySet, SpreadsheetQuerySet
from catalog.spreadsheets.cells import CLEAR_TOKEN, LIST_SEPARATOR
from catalog.spreadsheets.columns import Target
from catalog.spreadsheets.mapping import Mapping
from ytmanager.models import TimestampedModel


class SheetReading(TimestampedModel):
    """What each column of a sheet is, by place; '' leaves a column out."""

    TARGETS = ((Target.VIDEOS.value, "Videos"), (Target.CHANNELS.value, "Channels"))

    class ListSeparator(models.TextChoices):
        """What stands between several artists, genres or tags in one cell."""

        PIPE = "|", "| (vertical bar)"
        SEMICOLON = ";", "; (semicolon)"
        COMMA = ",", ", (comma)"
        SLASH = "/", "/ (slash)"

    target = models.CharField(
        "rows are about", max_length=10, choices=TARGETS, default=Target.VIDEOS.value
    )
    header = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    key_column = models.CharField("row is found by", max_length=40, blank=True)
    clear_token = models.CharField(
        "word that clears a value", max_length=40, default=CLEAR_TOKEN
    )
    list_separator = models.CharField(
        "several values in a cell are separated by",
        max_length=1,
        choices=ListSeparator.choices,
        default=LIST_SEPARATOR,
    )

    class Meta:
        abstract = True

    @property
    def as_mapping(self) -> Mapping:
        """The reading as a value."""
        return Mapping(
            Target(self.target),
            tuple(self.columns),
            self.key_column,
            self.clear_token,
            self.list_separator,
        )

    def note_mapping(self, mapping: Mapping) -> None:
        """Take over a reading; the caller saves the row."""
        self.target, self.columns = mapping.target.value, list(mapping.columns)
        self.key_column, self.clear_token = mapping.key, mapping.clear_token
        self.list_separator = mapping.list_separator


class ColumnMapping(SheetReading):
    """A reading that somebody saved by name; used again for the same header."""

    name = models.CharField(max_length=100, unique=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Spreadsheet(SheetReading):
    """One uploaded sheet, from its columns to the change set made of it."""

    class State(models.TextChoices):
        """Columns, reading, plan."""

        MAPPING = "mapping", "Columns to be confirmed"
        WAITING = "waiting", "Waiting to be read"
        READING = "reading", "Being read"
        COMPARED = "compared", "Compared"
        FAILED = "failed", "Failed"

    UNFINISHED = (State.WAITING, State.READING)

    name = models.CharField("file", max_length=255)
    key = models.CharField(max_length=500, editable=False)
    size = models.BigIntegerField(default=0)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="uploaded by",
        related_name="spreadsheets",
    )
    reason = models.TextField(blank=True)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1, blank=True)
    header_line = models.IntegerField(default=1)
    samples = models.JSONField(default=list)
    mapping = models.ForeignKey(
        ColumnMapping,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="spreadsheets",
    )
    takes_repairs = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.MAPPING
    )
    counts = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    job_id = models.BigIntegerField(null=True, blank=True, editable=False)
    change_set = models.ForeignKey(
        ChangeSet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="spreadsheets",
    )

    objects = SpreadsheetQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_about_channels(self) -> bool:
        return self.target == Target.CHANNELS.value


class SpreadsheetFinding(models.Model):
    """A row or cell that was not taken as it stands, and why."""

    class Kind(models.TextChoices):
        """What kept it out."""

        NO_KEY = "no_key", "Row without identifier"
        NOT_FOUND = "not_found", "Not in the catalogue"
        SEVERAL = "several", "Several videos match"
        INVALID = "invalid", "Value not valid"
        REPAIR = "repair", "Repair offered"
        MOVED = "moved", "Changed since the export"
        REPEATED = "repeated", "Rows disagree"

    spreadsheet = models.ForeignKey(
        Spreadsheet, models.CASCADE, db_index=False, related_name="findings"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    line = models.BigIntegerField()
    column = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    reason = models.TextField()

    objects = SpreadsheetFindingQuerySet.as_manager()

    class Meta:
        ordering = ("line", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "no_key",
                        "not_found",
                        "several",
                        "invalid",
                        "repair",
                        "moved",
                        "repeated",
                    ]
                ),
                name="catalog_spreadsheetfinding_kind_valid",
            ),
        )
        indexes = (
            models.Index(
                fields=["spreadsheet", "line", "id"],
                name="catalog_sheetfinding_line",
            ),
        )

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
