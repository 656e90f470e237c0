"""Other forms than JSON in which lists of the API can be had."""

import json
from typing import Any

from rest_framework.renderers import BaseRenderer


class CsvRenderer(BaseRenderer):
    """Lets `?format=csv` be asked for; the view itself streams the file."""

    media_type, format = "text/csv", "csv"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """Say why there is no file."""
        return json.dumps(data, default=str).encode()
