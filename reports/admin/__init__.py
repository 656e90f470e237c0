"""The admin of report files: list, upload, one report's page, rejects, sources."""

from reports.admin.origins import reports_of
from reports.admin.rejects import RowErrorAdmin
from reports.admin.reports import ReportAdmin
from reports.admin.sources import ReportSourceAdmin

__all__ = ["ReportAdmin", "ReportSourceAdmin", "RowErrorAdmin", "reports_of"]
