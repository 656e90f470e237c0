"""Django's pages for errors under DEBUG, without the values of variables."""

from __future__ import annotations

from collections.abc import ItemsView
from typing import Any

from django.views.debug import SafeExceptionReporterFilter


class NoLocalValues(SafeExceptionReporterFilter):
    """Show where an error came from; tokens stand in variables of any name."""

    def get_traceback_frame_variables(
        self, request: Any, tb_frame: Any
    ) -> ItemsView[str, Any]:
        return {}.items()
