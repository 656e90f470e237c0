"""Serializers that only show: their fields are built once, their rows read plainly.

REST framework builds every field of a model's serializer anew for each answer, and
asks of every value of every row whether it is a mapping or can be called.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.functional import cached_property
from rest_framework import serializers

Read = Callable[[Any], Any]


class ShownSerializer(serializers.ModelSerializer[Any]):
    """Base of serializers whose fields are attributes of rows, and read only."""

    _built: ClassVar[dict[type, dict[str, Any]]] = {}

    def get_fields(self) -> dict[str, Any]:
        """Copies of the fields that were built for the first answer."""
        if type(self) not in self._built:
            self._built[type(self)] = dict(super().get_fields())
        built = self._built[type(self)]
        return {name: copy.deepcopy(field) for name, field in built.items()}

    def to_representation(self, instance: Model) -> dict[str, Any]:
        return {name: show(instance) for name, show in self._columns}

    @cached_property
    def _columns(self) -> list[tuple[str, Read]]:
        return [(str(f.field_name), reader_of(f)) for f in self._readable_fields]


def reader_of(field: serializers.Field[Any, Any, Any, Any]) -> Read:
    """What reads and shows one field of a row."""
    show: Read = field.to_representation
    if field.source == "*":  # of a method: it gets the row itself
        return show
    names = str(field.source).split(".")

    def read(row: Any) -> Any:
        for name in names:
            # A row that is not there, of a relation to one or to none.
            row = getattr(row, name, None)
            if row is None:
                return None
        return show(row)

    return read
