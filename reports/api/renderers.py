"""Other forms than JSON in which lists of the API can be had."""

import json
from typing import Any

from rest_framework.renderers import BaseRenderer


class CsvRenderer(BaseRenderer):
    """Lets `?format=csv` be asked for; the view itself streams the file."""

    media_type, format = "text/csv", "csv"

    def render(
        self, data: Any, media_type: str | None = None, context: Any = None
    ) -> bytes:
        """Say why there is no file, as every error is said."""
        if context:
            context["response"]["Content-Type"] = "application/json"
        return json.dumps(data, default=str).encode()
