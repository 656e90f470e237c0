"""Sample reports that look like a music distributor's, problems included."""

from reports.samples.files import write_samples

__all__ = ["write_samples"]
