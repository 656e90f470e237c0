"""Dates as the reports write them, sortable and free of a.m. and p.m."""

DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i \\U\\T\\C"
