"""Marks that tell whether a table was written since an answer was made."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class DataVersion(models.Model):
    """Marks of one table; several rows, so that writers at once wait for nobody."""

    name = models.CharField(max_length=63)
    mark = models.UUIDField(default=uuid4)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} {self.mark}"
