"""Which reports a person may hear of."""

from reports.models import Report
from ytmanager.realtime.subjects import subject

subject("report", Report)
